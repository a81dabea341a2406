import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Knex } from 'knex';
import { findProject } from '../project.ts';
import type { Db } from './database.ts';
import { alone, lockTimeoutMs, patiently, withDatabase } from './migration-lock.ts';

const directory = path.join(import.meta.dirname, '..', '..', '..', 'migrations');
const tableName = 'migrations';

/** What a migration's file may export. */
export interface MigrationFile {
  readonly up: (db: Knex) => Promise<void>;
  readonly down: (db: Knex) => Promise<void>;
  /** `transaction: false` is for statements that PostgreSQL runs only outside of one, such as `create index concurrently`. */
  readonly config?: { readonly transaction?: boolean };
  /** `contract` takes away what no release that may still serve uses; all else only adds (see migrations/README.md). */
  readonly phase?: 'contract';
}

/** The migrations of this release. Their names have no ending, so that each has one name in src/ and in dist/. */
export const migrationSource: Knex.MigrationSource<string> = {
  async getMigrations() {
    const files = await readdir(directory);
    return files
      .filter((file) => /^\d{14}_\w+\.[jt]s$/.test(file))
      .map((file) => file.slice(0, -3))
      .sort();
  },
  getMigrationName: (name) => name,
  async getMigration(name) {
    const ending = path.extname(import.meta.filename);
    return boundLocks((await import(pathToFileURL(path.join(directory, name + ending)).href)) as MigrationFile);
  },
};

/** What knex needs to know of the migrations. A newer release may have applied others. */
export const migrationConfig: Knex.MigratorConfig = {
  migrationSource,
  tableName,
  disableMigrationsListValidation: true,
};

/** Makes a migration give up waiting for a lock, and run for as long as it takes once it has it. */
export function boundLocks(migration: MigrationFile): MigrationFile {
  if (migration.config?.transaction === false) return migration;
  const bounded = (run: MigrationFile['up']) => async (db: Knex) => {
    await db.raw(`set local lock_timeout = ${lockTimeoutMs}`);
    await db.raw('set local statement_timeout = 0');
    await run(db);
  };
  return { ...migration, up: bounded(migration.up), down: bounded(migration.down) };
}

/** What a release knows of migrations, and whom it tells. */
export interface MigrationOptions {
  /** Which migrations there are. */
  readonly config?: Knex.MigratorConfig;
  /** Which release this is; the database keeps it with what it applies. */
  readonly release?: string;
  /** Is told what happens. */
  readonly say?: (message: string) => void;
}

/**
 * Applies what is missing and returns its names, all in one batch. Where nothing is missing it only reads. Many processes may call
 * it at once; the same release and the one before it may serve meanwhile. Throws a MigrationError.
 */
export async function migrate(
  databaseUrl: string,
  connectTimeoutMs: number,
  options: MigrationOptions = {},
): Promise<string[]> {
  const { config = migrationConfig, release = findProject().version, say = () => {} } = options;
  return withDatabase(databaseUrl, connectTimeoutMs, async (database) => {
    const { pool } = database;
    if ((await pendingMigrations(pool, config)).length === 0) return [];
    return alone(database, say, async () => {
      const pending = await pendingMigrations(pool, config);
      if (pending.length > 0) await patiently(tableName, say, () => makeTable(pool, config));
      let batch: number | undefined;
      for (const name of pending) {
        say(`applying ${name}`);
        const [own] = (await patiently(name, say, () => pool.migrate.up({ ...config, name }))) as [number];
        batch ??= own;
        await pool(tableName).where({ name }).update({ batch, release });
      }
      return pending;
    });
  });
}

// knex makes the table when it is first asked, and keeps no release in it.
async function makeTable(pool: Db, config: Knex.MigratorConfig): Promise<void> {
  await pool.migrate.currentVersion(config);
  if (await pool.schema.hasColumn(tableName, 'release')) return;
  await pool.transaction(async (db) => {
    await db.raw(`set local lock_timeout = ${lockTimeoutMs}`);
    await db.schema.alterTable(tableName, (table) => table.text('release'));
  });
}

/** A migration, and what the database knows of it. */
export interface MigrationState {
  readonly name: string;
  /** `undefined` as long as it is not applied. */
  readonly batch: number | undefined;
  /** The release that applied it; `null` where it did not say. */
  readonly release?: string | null;
  /** Whether this release has it. */
  readonly known: boolean;
}

interface Applied {
  readonly name: string;
  readonly batch: number;
  /** The table of an older release has no such column. */
  readonly release?: string | null;
}

/** The migrations of this release and those that the database has, in order. It reads only. */
export async function migrationStates(db: Db, config = migrationConfig): Promise<MigrationState[]> {
  const names = (await config.migrationSource?.getMigrations([])) as string[];
  const { rows } = await db.raw<{ rows: { made: boolean }[] }>('select to_regclass(?) is not null as made', [
    tableName,
  ]);
  const applied = rows[0]?.made ? await db<Applied>(tableName).select('*').orderBy('id') : [];
  const byName = new Map(applied.map((row) => [row.name, { batch: row.batch, release: row.release ?? null }]));
  const all = [...new Set([...names, ...byName.keys()])].sort();
  return all.map((name) => ({ name, batch: undefined, ...byName.get(name), known: names.includes(name) }));
}

/** The names of the migrations that the database lacks. It reads only. */
export async function pendingMigrations(db: Db, config = migrationConfig): Promise<string[]> {
  return (await migrationStates(db, config)).filter(({ batch }) => batch === undefined).map(({ name }) => name);
}
