/** Records what migrations really do: runs each on a database and captures its statements and their effects. */
import type { Knex } from 'knex';
import { parse, type Node } from 'libpg-query';
import type { Db } from '../../../src/platform/database/database.ts';
import type { MigrationFile } from '../../../src/platform/database/migrations.ts';

/** The schema before a migration. */
export interface Before {
  readonly tables: ReadonlySet<string>;
  readonly indexes: ReadonlySet<string>;
  /** `table.column` of columns that a validated check keeps from being null. */
  readonly neverNull: ReadonlySet<string>;
}

export interface Recording {
  readonly name: string;
  readonly before: Before;
  /** As parsed by PostgreSQL's own parser. */
  readonly statements: readonly Node[];
  /** Existing tables that were rewritten: their file changed. */
  readonly rewritten: readonly string[];
  readonly transaction: boolean;
  readonly contract: boolean;
}

/** Applies the migrations of a configuration to a database, one at a time. */
export async function recordMigrations(db: Db, config: Knex.MigratorConfig): Promise<Recording[]> {
  const source = config.migrationSource as Knex.MigrationSource<string>;
  const recordings: Recording[] = [];
  for (const name of await source.getMigrations([])) {
    const file = (await source.getMigration(name)) as MigrationFile;
    const before = await look(db);
    const files = await tableFiles(db);
    const texts: string[] = [];
    const listen = ({ sql }: { sql: string }) => void texts.push(sql);
    const up: MigrationFile['up'] = async (connection) => {
      connection.on('query', listen);
      await file.up(connection).finally(() => connection.removeListener('query', listen));
    };
    const recorded = { ...source, getMigration: async () => ({ ...file, up }) };
    await db.migrate.up({ ...config, migrationSource: recorded, name });
    const after = await tableFiles(db);
    recordings.push({
      name,
      before,
      statements: await read(texts),
      rewritten: [...files]
        .filter(([table, id]) => after.has(table) && after.get(table) !== id)
        .map(([table]) => table),
      transaction: file.config?.transaction !== false,
      contract: file.phase === 'contract',
    });
  }
  return recordings;
}

async function read(texts: string[]): Promise<Node[]> {
  const parsed = await Promise.all(texts.map((text) => parse(text)));
  return parsed.flatMap(({ stmts = [] }) => stmts.flatMap(({ stmt }) => stmt ?? []));
}

async function look(db: Db): Promise<Before> {
  const namesOf = async (query: string) => {
    const { rows } = await db.raw<{ rows: { name: string }[] }>(query);
    return new Set(rows.map(({ name }) => name));
  };
  return {
    tables: await namesOf(`select relname as name from pg_class where relkind in ('r', 'p') and ${ours}`),
    indexes: await namesOf(`select relname as name from pg_class where relkind in ('i', 'I') and ${ours}`),
    neverNull: await namesOf(`
      select relname || '.' || attname as name
      from pg_constraint c join pg_class on pg_class.oid = conrelid
        join pg_attribute on attrelid = conrelid and attnum = any(conkey)
      where contype = 'c' and convalidated and pg_get_constraintdef(c.oid) = format('CHECK ((%I IS NOT NULL))', attname)`),
  };
}

const ours = `relnamespace = 'public'::regnamespace`;

async function tableFiles(db: Db): Promise<Map<string, string>> {
  const { rows } = await db.raw<{ rows: { name: string; file: string }[] }>(
    `select relname as name, pg_relation_filenode(oid)::text as file from pg_class where relkind = 'r' and ${ours}`,
  );
  return new Map(rows.map(({ name, file }) => [name, file]));
}
