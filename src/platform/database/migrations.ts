import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Knex } from 'knex';
import { findProject } from '../project.ts';
import type { Db } from './database.ts';
import { lockTimeoutMs, retryLockTimeouts, withDatabase, withMigrationLock } from './migration-lock.ts';

// Sources run from src/, and what is built of them from dist/.
const extension = path.extname(import.meta.filename);
const findDirectory = () => path.join(findProject().root, extension === '.ts' ? '' : 'dist', 'migrations');
const tableName = 'migrations';

/** What a migration file exports. */
export interface MigrationFile {
  readonly up: (db: Knex) => Promise<void>;
  readonly down: (db: Knex) => Promise<void>;
  /** `transaction: false` is for statements that PostgreSQL refuses to run in one, such as `create index concurrently`. */
  readonly config?: { readonly transaction?: boolean };
  /** `contract` removes what no release still in service uses; every other migration only adds (see migrations/README.md). */
  readonly phase?: 'contract';
}

/** The migrations of this release. Their names have no extension, so they are the same in src/ and in dist/. */
export const migrationSource: Knex.MigrationSource<string> = {
  async getMigrations() {
    const files = await readdir(findDirectory());
    return files
      .filter((file) => /^\d{14}_\w+\.[jt]s$/.test(file))
      .map((file) => file.slice(0, -3))
      .sort();
  },
  getMigrationName: (name) => name,
  async getMigration(name) {
    return boundLocks(
      (await import(pathToFileURL(path.join(findDirectory(), name + extension)).href)) as MigrationFile,
    );
  },
};

/** knex's configuration. The list is not validated, because a newer release may have applied others. */
export const migrationConfig: Knex.MigratorConfig = {
  migrationSource,
  tableName,
  disableMigrationsListValidation: true,
};

/** Limits how long a migration waits for locks, but not how long it runs once it has them. */
export function boundLocks(migration: MigrationFile): MigrationFile {
  if (migration.config?.transaction === false) return migration;
  const bounded = (run: MigrationFile['up']) => async (db: Knex) => {
    await db.raw(`set local lock_timeout = ${lockTimeoutMs}`);
    await db.raw('set local statement_timeout = 0');
    await run(db);
  };
  return { ...migration, up: bounded(migration.up), down: bounded(migration.down) };
}

export interface MigrationOptions {
  readonly config?: Knex.MigratorConfig;
  /** This release, which is stored with each migration that it applies. */
  readonly release?: string;
  /** Reports progress. */
  readonly say?: (message: string) => void;
}

/**
 * Applies the pending migrations in one batch and returns their names; reads only, if none is pending. Safe to call from several
 * processes at once, and while this release or the one before it is serving. Throws a MigrationError.
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
    return withMigrationLock(database, say, async () => {
      const pending = await pendingMigrations(pool, config);
      if (pending.length > 0) await retryLockTimeouts(tableName, say, () => createTable(pool, config));
      let batch: number | undefined;
      for (const name of pending) {
        say(`applying ${name}`);
        const [own] = (await retryLockTimeouts(name, say, () => pool.migrate.up({ ...config, name }))) as [number];
        batch ??= own;
        await pool(tableName).where({ name }).update({ batch, release });
      }
      return pending;
    });
  });
}

// knex creates the table the first time it is asked for a version; the column for the release is ours.
async function createTable(pool: Db, config: Knex.MigratorConfig): Promise<void> {
  await pool.migrate.currentVersion(config);
  if (await pool.schema.hasColumn(tableName, 'release')) return;
  await pool.transaction(async (db) => {
    await db.raw(`set local lock_timeout = ${lockTimeoutMs}`);
    await db.schema.alterTable(tableName, (table) => table.text('release'));
  });
}

/** A migration and whether it was applied. */
export interface MigrationState {
  readonly name: string;
  /** `undefined` while it is pending. */
  readonly batch: number | undefined;
  /** The release that applied it; `null` if that was not recorded. */
  readonly release?: string | null;
  /** Whether this release contains it. */
  readonly known: boolean;
}

interface Applied {
  readonly name: string;
  readonly batch: number;
  /** Missing from the table of an older release. */
  readonly release?: string | null;
}

/** The migrations of this release and those that the database lists, in order. Reads only. */
export async function migrationStates(db: Db, config = migrationConfig): Promise<MigrationState[]> {
  const names = (await config.migrationSource?.getMigrations([])) as string[];
  const { rows } = await db.raw<{ rows: { exists: boolean }[] }>('select to_regclass(?) is not null as exists', [
    tableName,
  ]);
  const applied = rows[0]?.exists ? await db<Applied>(tableName).select('*').orderBy('id') : [];
  const byName = new Map(applied.map((row) => [row.name, { batch: row.batch, release: row.release ?? null }]));
  const all = [...new Set([...names, ...byName.keys()])].sort();
  return all.map((name) => ({ name, batch: undefined, ...byName.get(name), known: names.includes(name) }));
}

/** The names of the migrations that were not applied yet. Reads only. */
export async function pendingMigrations(db: Db, config = migrationConfig): Promise<string[]> {
  return (await migrationStates(db, config)).filter(({ batch }) => batch === undefined).map(({ name }) => name);
}
