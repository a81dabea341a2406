#!/bin/sh
# Creates the service's role and database, or resets the role's password from the file. Safe to run at any time.
set -eu
PGPASSWORD=$(cat /run/secrets/database_admin_password)
export PGPASSWORD PGHOST=database PGUSER=postgres PGDATABASE=postgres
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 <<'SQL'
\set password `cat /run/secrets/database_password`
-- Keep the statement with the password out of the server's log.
set log_statement = 'none';
set log_min_duration_statement = -1;
set log_min_error_statement = 'panic';
select 'create role latchkey' where not exists (select from pg_roles where rolname = 'latchkey') \gexec
alter role latchkey with login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'password';
select 'create database latchkey owner latchkey encoding ''UTF8'' template template0'
  where not exists (select from pg_database where datname = 'latchkey') \gexec
SQL
