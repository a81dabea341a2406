import type { Db } from './database.ts';
import { isOutdated, retryOutdated } from './freshness.ts';
import { migrationStates, type MigrationState } from './migrations.ts';

/** What a database lacks that Latchkey needs, and what would do, each in a part of a sentence. */
export interface Lack {
  readonly reason: string;
  readonly remedy: string;
}

/** Why Latchkey can't use a database. */
export class UnfitDatabaseError extends Error {
  override readonly name = 'UnfitDatabaseError';
  readonly lacks: readonly Lack[];

  constructor(lacks: readonly Lack[]) {
    super(lacks.map(({ reason }) => reason).join('; '));
    this.lacks = lacks;
  }
}

/** What was found in a database. */
export interface Examination {
  readonly lacks: readonly Lack[];
  /** `undefined` where they could not be read. */
  readonly states: readonly MigrationState[] | undefined;
}

/** The tables that the migrations make, beside their own. */
export const tables = ['users', 'sessions', 'refresh_tokens', 'idempotency_keys'] as const;

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
  /** Whether the table of migrations is one of ours, and may be read. */
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
 * Looks for all that would keep Latchkey from working, where `migrating` also for what would keep the migrations that are missing from
 * being applied. It changes nothing.
 */
export async function examineDatabase(db: Db, { migrating }: { migrating: boolean }): Promise<Examination> {
  const [found] = await ask<Facts>(db, facts);
  if (!found) throw new Error('PostgreSQL tells nothing of itself');
  const lacks = [...lacksOfServer(found), ...lacksOfSchema(found)];
  if (found.schema === null || (found.readable !== null && !(found.listed && found.readable))) {
    return { lacks, states: undefined };
  }
  // The tables were listed before: those that another process makes meanwhile are not taken for somebody else's.
  const states = await migrationStates(db);
  const isMissing = ({ batch }: MigrationState) => batch === undefined;
  const first = states.find(({ known }) => known);
  if (first && isMissing(first)) lacks.push(...lacksOfNeighbours(found, states));
  if (!states.some(isMissing)) lacks.push(...(await lacksOfTables(db, found)));
  else if (migrating) lacks.push(...(await lacksOfMigrating(db, found)));
  return { lacks, states };
}

/** Whether the tables can be written, by a statement that changes nothing: a standby and a role that may only read refuse it. */
export async function canWrite(db: Db): Promise<boolean> {
  try {
    await retryOutdated(() => ask(db, 'select from users where false for update'));
    return true;
  } catch (error) {
    if (isOutdated(error)) return false;
    throw error;
  }
}

function lacksOfServer({ version, encoding, database, role, standby, readOnly }: Facts): Lack[] {
  const lacks: Lack[] = [];
  if (parseInt(version, 10) < oldestVersion) {
    lacks.push({ reason: `PostgreSQL ${version} is too old`, remedy: `use PostgreSQL ${oldestVersion} or newer` });
  }
  if (encoding !== 'UTF8') {
    const remedy = `make one that can, with: create database … encoding 'UTF8' template template0`;
    lacks.push({ reason: `database ${database} is in ${encoding}, which can't hold every name`, remedy });
  }
  if (standby) lacks.push({ reason: 'it is a standby, which only reads', remedy: 'let DATABASE_URL name the primary' });
  else if (readOnly) {
    const remedy = `run: alter role ${role} reset default_transaction_read_only (or alter database, or alter system)`;
    lacks.push({ reason: 'it only reads, since default_transaction_read_only is on', remedy });
  }
  return lacks;
}

function lacksOfSchema({ schema, searchPath, role, listed, readable }: Facts): Lack[] {
  if (schema === null) {
    const reason = `no schema of the search_path (${searchPath}) is there for role ${role} to use`;
    const remedy = `run: create schema public authorization ${role}, or: alter role ${role} set search_path = …`;
    return [{ reason, remedy }];
  }
  if (readable === null) return [];
  if (!listed) return [foreign("the table migrations is there already, and is not Latchkey's")];
  if (!readable) return [forbidden(role, 'read', 'migrations', schema)];
  return [];
}

function lacksOfNeighbours({ existing }: Facts, states: readonly MigrationState[]): Lack[] {
  const others = states.filter(({ known }) => !known).map(({ name }) => name);
  if (others.length > 0) return [foreign(`the table migrations lists what is not Latchkey's (${others[0]})`)];
  const taken = tables.filter((table) => existing.includes(table));
  return taken.map((table) => foreign(`there is a table ${table} already, which Latchkey did not make`));
}

const privileges = ['select', 'insert', 'update', 'delete'];

async function lacksOfTables(db: Db, { role, schema }: Facts): Promise<Lack[]> {
  const rows = await ask<{ name: string; made: boolean; refused: string[] }>(
    db,
    `select name, to_regclass(name) is not null as made,
      array(select privilege from unnest(?::text[]) as privilege
        where not has_table_privilege(to_regclass(name)::oid, privilege)) as refused
    from unnest(?::text[]) as name`,
    [privileges, tables],
  );
  const gone = rows
    .filter(({ made }) => !made)
    .map(({ name }) => {
      const remedy = 'restore it from a backup, or let DATABASE_URL name the right database';
      return { reason: `the table ${name} is gone, though the migration that makes it was applied`, remedy };
    });
  // What a role lacks, it mostly lacks in every table.
  const byPrivileges = new Map<string, string[]>();
  for (const { name, refused } of rows.filter(({ refused: { length } }) => length > 0)) {
    const what = refused.join(', ');
    byPrivileges.set(what, [...(byPrivileges.get(what) ?? []), name]);
  }
  const forbiddings = [...byPrivileges].map(([what, names]) => forbidden(role, what, names.join(', '), schema));
  return [...gone, ...forbiddings];
}

interface Room {
  readonly mayCreate: boolean;
  readonly mayExtend: boolean;
  readonly icu: boolean;
  readonly available: boolean;
  readonly trigramsIn: string | null;
  readonly trigramsFound: boolean | null;
}

const room = `
  select has_schema_privilege(current_schema(), 'create') as "mayCreate",
    has_database_privilege(current_database(), 'create') as "mayExtend",
    exists (select from pg_collation where collname = 'und-x-icu') as icu,
    exists (select from pg_available_extensions where name = 'pg_trgm') as available,
    (select nspname from pg_extension join pg_namespace on pg_namespace.oid = extnamespace
      where extname = 'pg_trgm') as "trigramsIn",
    (select nspname = any(current_schemas(true)) from pg_extension join pg_namespace on pg_namespace.oid = extnamespace
      where extname = 'pg_trgm') as "trigramsFound"`;

async function lacksOfMigrating(db: Db, { schema, database, role }: Facts): Promise<Lack[]> {
  const [found] = await ask<Room>(db, room);
  if (!found) return [];
  const { mayCreate, mayExtend, icu, available, trigramsIn, trigramsFound } = found;
  const lacks: Lack[] = [];
  if (!mayCreate) {
    const remedy = `run: alter database ${database} owner to ${role}, or: grant create on schema ${schema} to ${role}`;
    lacks.push({ reason: `role ${role} may not make tables in schema ${schema}`, remedy });
  }
  if (!icu) lacks.push({ reason: 'this PostgreSQL sorts without ICU', remedy: 'use one that is built with it' });
  if (trigramsIn !== null && !trigramsFound) {
    const remedy = `run: alter role ${role} set search_path = ${schema}, ${trigramsIn}, or: alter extension pg_trgm set schema ${schema}`;
    lacks.push({ reason: `pg_trgm is in schema ${trigramsIn}, which is not in the search_path`, remedy });
  }
  if (trigramsIn === null && !available) {
    lacks.push({
      reason: 'this PostgreSQL has no pg_trgm',
      remedy: 'install its contrib package (postgresql-contrib)',
    });
  } else if (trigramsIn === null && !mayExtend) {
    const remedy = `let a superuser run: create extension pg_trgm, or: grant create on database ${database} to ${role}`;
    lacks.push({ reason: `role ${role} may not make the extension pg_trgm`, remedy });
  }
  return lacks;
}

function foreign(reason: string): Lack {
  return { reason, remedy: 'give Latchkey a database of its own' };
}

function forbidden(role: string, what: string, where: string, schema: string | null): Lack {
  const remedy = `let it own the database, or run: grant select, insert, update, delete on all tables in schema ${schema ?? '…'} to ${role}`;
  return { reason: `role ${role} may not ${what} in ${where}`, remedy };
}

async function ask<Row>(db: Db, question: string, bindings: readonly (readonly string[])[] = []): Promise<Row[]> {
  const { rows } = await db.raw<{ rows: Row[] }>(question, [...bindings] as never);
  return rows;
}
