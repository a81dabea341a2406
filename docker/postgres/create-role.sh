#!/bin/sh
# Creates the database, its owner and the service's role, or resets their passwords from the files. Safe to run at any time.
set -eu
PGPASSWORD=$(cat /run/secrets/database_admin_password)
export PGPASSWORD PGHOST=database PGUSER=postgres PGDATABASE=postgres
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 <<'SQL'
\set password `cat /run/secrets/database_password`
\set app_password `cat /run/secrets/database_app_password`
-- Keep the statements with the passwords out of the server's log.
set log_statement = 'none';
set log_min_duration_statement = -1;
set log_min_error_statement = 'panic';
select 'create role latchkey' where not exists (select from pg_roles where rolname = 'latchkey') \gexec
alter role latchkey with login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'password';
select 'create role latchkey_app' where not exists (select from pg_roles where rolname = 'latchkey_app') \gexec
alter role latchkey_app with login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'app_password';
select 'create database latchkey owner latchkey encoding ''UTF8'' template template0'
  where not exists (select from pg_database where datname = 'latchkey') \gexec
SQL
