import type { Db } from './database.ts';
import { isOutdated, retryOutdated } from './freshness.ts';
import { migrationStates, type MigrationState } from './migrations.ts';
import type { UnmetRequirement } from './refusals.ts';

export interface Examination {
  readonly unmet: readonly UnmetRequirement[];
  /** `undefined` if they can't be read. */
  readonly states: readonly MigrationState[] | undefined;
}

/** The tables that the migrations create, apart from their own. */
export const tables = [
  'users',
  'sessions',
  'refresh_tokens',
  'idempotency_keys',
  'jobs',
  'audit_events',
  'guess_counts',
  'one_time_secrets',
  'pending_registrations',
  'factors',
  'totp_seeds',
  'recovery_codes',
  'email_codes',
  'login_challenges',
  'passkeys',
  'passkey_challenges',
  'pictures',
] as const;

/** Those of them whose rows are only added and read. */
export const appendOnlyTables: readonly string[] = ['audit_events'];

const oldestVersion = 15;

interface Facts {
  readonly version: string;
  readonly encoding: string;
  readonly database: string;
  readonly role: string;
  readonly standby: boolean;
  readonly readOnly: boolean;
  readonly schema: string | null;
  readonly searchPath: string;
  readonly existing: readonly string[];
  /** Whether the table `migrations` is one of ours, and whether we can read it. */
  readonly listed: boolean;
  readonly readable: boolean | null;
}

const facts = `
  select current_setting('server_version') as version, current_setting('server_encoding') as encoding,
    current_database() as database, current_user as role,
    pg_is_in_recovery() as standby, current_setting('transaction_read_only')::bool as "readOnly",
    current_schema() as schema, current_setting('search_path') as "searchPath",
    array(select relname::text from pg_class where relnamespace = to_regnamespace(quote_ident(current_schema()))) as existing,
    (select count(*) = 3 from pg_attribute
      where attrelid = to_regclass('migrations') and attname in ('name', 'batch', 'migration_time')) as listed,
    has_table_privilege(to_regclass('migrations')::oid, 'select') as readable`;

/**
 * Finds everything that keeps Latchkey from using a database; if `migrating`, also what keeps pending migrations from being applied.
 * Changes nothing.
 */
export async function examineDatabase(db: Db, { migrating }: { migrating: boolean }): Promise<Examination> {
  const [found] = await ask<Facts>(db, facts);
  if (!found) throw new Error('PostgreSQL returned no settings');
  const unmet = [...checkServer(found), ...checkSchema(found)];
  if (found.schema === null || (found.readable !== null && !(found.listed && found.readable))) {
    return { unmet, states: undefined };
  }
  // Read after the tables were listed, so that tables which another process creates meanwhile don't count as foreign.
  const states = await migrationStates(db);
  const isPending = ({ batch }: MigrationState) => batch === undefined;
  const first = states.find(({ known }) => known);
  if (first && isPending(first)) unmet.push(...checkForeignTables(found, states));
  if (!states.some(isPending)) unmet.push(...(await checkTables(db, found)));
  else if (migrating) unmet.push(...(await checkMigrationRights(db, found)));
  return { unmet, states };
}

/** Whether the tables are writable, tried with a statement that changes nothing; a standby or a read-only role refuses it. */
export async function canWrite(db: Db): Promise<boolean> {
  try {
    await retryOutdated(() => ask(db, 'select from users where false for update'));
    return true;
  } catch (error) {
    if (isOutdated(error)) return false;
    throw error;
  }
}

function checkServer({ version, encoding, database, role, standby, readOnly }: Facts): UnmetRequirement[] {
  const unmet: UnmetRequirement[] = [];
  if (parseInt(version, 10) < oldestVersion) {
    unmet.push({ reason: `PostgreSQL ${version} is too old`, remedy: `use PostgreSQL ${oldestVersion} or newer` });
  }
  if (encoding !== 'UTF8') {
    const remedy = `create one that can, with: create database … encoding 'UTF8' template template0`;
    unmet.push({ reason: `database ${database} is in ${encoding}, which can't hold every name`, remedy });
  }
  if (standby) unmet.push({ reason: 'it is a read-only standby', remedy: 'point DATABASE_URL at the primary' });
  else if (readOnly) {
    const remedy = `run: alter role ${role} reset default_transaction_read_only (or alter database, or alter system)`;
    unmet.push({ reason: 'it is read-only, because default_transaction_read_only is on', remedy });
  }
  return unmet;
}

function checkSchema({ schema, searchPath, role, listed, readable }: Facts): UnmetRequirement[] {
  if (schema === null) {
    const reason = `role ${role} can use no schema of its search_path (${searchPath})`;
    const remedy = `run: create schema public authorization ${role}, or: alter role ${role} set search_path = …`;
    return [{ reason, remedy }];
  }
  if (readable === null) return [];
  if (!listed) return [foreign("the table migrations exists already and is not Latchkey's")];
  if (!readable) return [forbidden(role, 'select', 'migrations')];
  return [];
}

function checkForeignTables({ existing }: Facts, states: readonly MigrationState[]): UnmetRequirement[] {
  const others = states.filter(({ known }) => !known).map(({ name }) => name);
  if (others.length > 0)
    return [foreign(`the table migrations lists migrations that are not Latchkey's (${others[0]})`)];
  const taken = tables.filter((table) => existing.includes(table));
  return taken.map((table) => foreign(`a table ${table} exists already, which Latchkey did not create`));
}

const privileges = ['select', 'insert', 'update', 'delete'];

async function checkTables(db: Db, { role }: Facts): Promise<UnmetRequirement[]> {
  const rows = await ask<{ name: string; exists: boolean; refused: string[] }>(
    db,
    `select name, to_regclass(name) is not null as exists,
      array(select privilege from unnest(?::text[]) as privilege
        where not has_table_privilege(to_regclass(name)::oid, privilege)
          and (name <> all(?::text[]) or privilege in ('select', 'insert'))) as refused
    from unnest(?::text[]) as name`,
    [privileges, appendOnlyTables, tables],
  );
  const missing = rows
    .filter(({ exists }) => !exists)
    .map(({ name }) => {
      const remedy = 'restore it from a backup, or point DATABASE_URL at the right database';
      return { reason: `the table ${name} is missing, although the migration that creates it was applied`, remedy };
    });
  // A role usually lacks the same privileges on every table.
  const byPrivileges = new Map<string, string[]>();
  for (const { name, refused } of rows.filter(({ refused: { length } }) => length > 0)) {
    const what = refused.join(', ');
    byPrivileges.set(what, [...(byPrivileges.get(what) ?? []), name]);
  }
  const refusals = [...byPrivileges].map(([what, names]) => forbidden(role, what, names.join(', ')));
  return [...missing, ...refusals];
}

interface MigrationRights {
  readonly mayCreate: boolean;
  readonly mayCreateExtension: boolean;
  readonly icu: boolean;
  readonly available: boolean;
  readonly trigramSchema: string | null;
  readonly trigramsInPath: boolean | null;
}

const migrationRights = `
  select has_schema_privilege(current_schema(), 'create') as "mayCreate",
    has_database_privilege(current_database(), 'create') as "mayCreateExtension",
    exists (select from pg_collation where collname = 'und-x-icu') as icu,
    exists (select from pg_available_extensions where name = 'pg_trgm') as available,
    (select nspname from pg_extension join pg_namespace on pg_namespace.oid = extnamespace
      where extname = 'pg_trgm') as "trigramSchema",
    (select nspname = any(current_schemas(true)) from pg_extension join pg_namespace on pg_namespace.oid = extnamespace
      where extname = 'pg_trgm') as "trigramsInPath"`;

async function checkMigrationRights(db: Db, { schema, database, role }: Facts): Promise<UnmetRequirement[]> {
  const [found] = await ask<MigrationRights>(db, migrationRights);
  if (!found) return [];
  const { mayCreate, mayCreateExtension, icu, available, trigramSchema, trigramsInPath } = found;
  const unmet: UnmetRequirement[] = [];
  if (!mayCreate) {
    const remedy = `run: alter database ${database} owner to ${role}, or: grant create on schema ${schema} to ${role}`;
    unmet.push({ reason: `role ${role} may not create tables in schema ${schema}`, remedy });
  }
  if (!icu) unmet.push({ reason: 'this PostgreSQL was built without ICU', remedy: 'use one that was built with it' });
  if (trigramSchema !== null && !trigramsInPath) {
    const remedy = `run: alter role ${role} set search_path = ${schema}, ${trigramSchema}, or: alter extension pg_trgm set schema ${schema}`;
    unmet.push({ reason: `pg_trgm is in schema ${trigramSchema}, which is not in the search_path`, remedy });
  }
  if (trigramSchema === null && !available) {
    unmet.push({
      reason: 'this PostgreSQL has no pg_trgm',
      remedy: 'install its contrib package (postgresql-contrib)',
    });
  } else if (trigramSchema === null && !mayCreateExtension) {
    const remedy = `let a superuser run: create extension pg_trgm, or: grant create on database ${database} to ${role}`;
    unmet.push({ reason: `role ${role} may not create the extension pg_trgm`, remedy });
  }
  return unmet;
}

function foreign(reason: string): UnmetRequirement {
  return { reason, remedy: 'give Latchkey a database of its own' };
}

function forbidden(role: string, what: string, where: string): UnmetRequirement {
  const remedy = `run the command migrate as the owner of the tables, with DATABASE_RUNTIME_ROLE=${role}`;
  return { reason: `role ${role} may not ${what} on ${where}`, remedy };
}

async function ask<Row>(db: Db, question: string, bindings: readonly (readonly string[])[] = []): Promise<Row[]> {
  const { rows } = await db.raw<{ rows: Row[] }>(question, [...bindings] as never);
  return rows;
}
