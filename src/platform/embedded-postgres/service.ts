import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { connect, urlOf, type Address, type Login } from './address.ts';
import { makePassword, superuser } from './data.ts';

const role = 'latchkey_service';
const database = superuser;
const setUpLock = 0x6c617464; // one process at a time

/**
 * Creates a role for the service that owns only its database: unlike a superuser it can't read files or run programs. It also gets
 * what the superuser owned there in older releases. Safe to call from several processes at once. Returns the service's URL.
 */
export async function prepareService(client: pg.Client, data: string, address: Address, password: string) {
  await client.query('select pg_advisory_lock($1)', [setUpLock]);
  try {
    const login = { user: role, password: await prepareRole(client, data), database };
    await prepareDatabase(client, () => connect(address, { user: superuser, password, database }));
    return urlOf(address, login satisfies Login);
  } finally {
    await client.query('select pg_advisory_unlock($1)', [setUpLock]);
  }
}

async function prepareRole(client: pg.Client, data: string): Promise<string> {
  const file = path.join(data, 'service.password');
  const known = (await readFile(file, 'utf8').catch(() => '')).trim();
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role]);
  if (known && rowCount) return known;
  const password = known || makePassword();
  await client.query(`${rowCount ? 'alter' : 'create'} role ${role} login password '${password}'`);
  if (!known) {
    // Written only once the role has it, so that the password in the file always works.
    await writeFile(`${file}.draft`, password, { mode: 0o600 });
    await rename(`${file}.draft`, file);
  }
  return password;
}

async function prepareDatabase(client: pg.Client, connectToDatabase: () => Promise<pg.Client>): Promise<void> {
  const owners = 'select pg_get_userbyid(datdba) as owner from pg_database where datname = $1';
  const { rows } = await client.query<{ owner: string }>(owners, [database]);
  if (rows[0]?.owner === role) return;
  if (!rows[0]) {
    await client.query(`create database ${database} owner ${role}`);
    return;
  }
  const within = await connectToDatabase();
  try {
    await within.query(reassignAll);
  } finally {
    await within.end();
  }
}

// `reassign owned` refuses what the bootstrap superuser owns. A column's sequence follows its table, an extension's members the extension.
const reassignAll = `
  do $$
  declare statement text;
  begin
    for statement in
      select format('alter %s %s owner to ${role}', kind, name)
      from (
        select 'pg_class'::regclass as catalogue, oid, relowner as owner, relnamespace as namespace, oid::regclass::text as name,
          case relkind when 'S' then 'sequence' when 'v' then 'view' when 'm' then 'materialized view' else 'table' end as kind
        from pg_class where relkind in ('r', 'p', 'v', 'm', 'S')
        union all
        select 'pg_proc'::regclass, oid, proowner, pronamespace, oid::regprocedure::text, 'routine' from pg_proc
        union all
        select 'pg_type'::regclass, oid, typowner, typnamespace, oid::regtype::text, 'type' from pg_type where typtype in ('e', 'd')
        union all
        select 'pg_namespace'::regclass, oid, nspowner, oid, quote_ident(nspname), 'schema' from pg_namespace
      ) as made
      where owner = '${superuser}'::regrole
        and namespace::regnamespace::text !~ '^(pg_|information_schema)'
        and not exists (
          select from pg_depend
          where classid = catalogue and objid = made.oid and (deptype in ('e', 'i') or (deptype = 'a' and kind = 'sequence'))
        )
    loop
      execute statement;
    end loop;
    alter database ${database} owner to ${role};
  end $$`;
