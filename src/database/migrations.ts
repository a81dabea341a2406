import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Knex } from 'knex';
import { openDatabase, type Database, type Db } from './database.ts';

const directory = path.join(import.meta.dirname, '..', '..', 'migrations');
const tableName = 'migrations';
const advisoryLock = 0x6c617463; // "latc"
const pollMs = 100;

// Who waits for a lock makes everybody wait who comes after it, so a migration waits briefly, and often.
const lockTimeoutMs = 1000;
const lockAttempts = 5;
const lockPauseMs = 1000;

/** What a migration's file may export. */
export interface MigrationFile {
  readonly up: (db: Knex) => Promise<void>;
  readonly down: (db: Knex) => Promise<void>;
  /** `transaction: false` is for statements that PostgreSQL runs only outside of one, such as `create index concurrently`. */
  readonly config?: { readonly transaction?: boolean };
  /** `contract` takes away what no release that may still serve uses; all else only adds (see migrations/README.md). */
  readonly phase?: 'contract';
}

// Names without the ending, so that a migration has one name in src/ and in dist/.
const migrationSource: Knex.MigrationSource<string> = {
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

/** What knex needs to know of the migrations; knexfile.ts uses it too. A newer release may have applied others. */
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

/** Why migrations can't be applied or taken back, with what would help, in one line. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

interface MigrationOptions {
  /** Which migrations there are. */
  readonly config?: Knex.MigratorConfig;
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
  const { config = migrationConfig, say = () => {} } = options;
  return withDatabase(databaseUrl, connectTimeoutMs, async (database) => {
    const { pool } = database;
    if ((await pendingMigrations(pool, config)).length === 0) return [];
    return alone(database, say, async () => {
      const pending = await pendingMigrations(pool, config);
      let batch: number | undefined;
      for (const name of pending) {
        say(`applying ${name}`);
        const [own] = (await patiently(name, say, () => pool.migrate.up({ ...config, name }))) as [number];
        batch ??= own;
        await pool(tableName).where({ name }).update({ batch });
      }
      return pending;
    });
  });
}

/** Takes the last batch back, latest first, and returns its names. Throws a MigrationError. */
export async function rollBack(
  databaseUrl: string,
  connectTimeoutMs: number,
  options: MigrationOptions = {},
): Promise<string[]> {
  const { config = migrationConfig, say = () => {} } = options;
  return withDatabase(databaseUrl, connectTimeoutMs, (database) =>
    alone(database, say, async () => {
      const states = await migrationStates(database.pool, config);
      const last = Math.max(...states.map(({ batch }) => batch ?? 0));
      const batch = states.filter((state) => state.batch !== undefined && state.batch === last).reverse();
      const foreign = batch.filter(({ known }) => !known).map(({ name }) => name);
      if (foreign.length > 0) {
        throw new MigrationError(`${foreign.join(', ')} came with another release; roll back with that release`);
      }
      for (const { name } of batch) {
        say(`rolling back ${name}`);
        await patiently(name, say, () => database.pool.migrate.down({ ...config, name }));
      }
      return batch.map(({ name }) => name);
    }),
  );
}

/** A migration, and what the database knows of it. */
export interface MigrationState {
  readonly name: string;
  /** `undefined` as long as it is not applied. */
  readonly batch: number | undefined;
  /** Whether this release has it. */
  readonly known: boolean;
}

/** The migrations of this release and those that the database has, in order. It reads only. */
export async function migrationStates(db: Db, config = migrationConfig): Promise<MigrationState[]> {
  const names = (await config.migrationSource?.getMigrations([])) as string[];
  const { rows } = await db.raw<{ rows: { made: boolean }[] }>('select to_regclass(?) is not null as made', [
    tableName,
  ]);
  const applied = rows[0]?.made
    ? await db<{ name: string; batch: number }>(tableName).select('name', 'batch').orderBy('id')
    : [];
  const batches = new Map(applied.map(({ name, batch }) => [name, batch]));
  const all = [...new Set([...names, ...batches.keys()])].sort();
  return all.map((name) => ({ name, batch: batches.get(name), known: names.includes(name) }));
}

/** The names of the migrations that the database lacks. It reads only. */
export async function pendingMigrations(db: Db, config = migrationConfig): Promise<string[]> {
  return (await migrationStates(db, config)).filter(({ batch }) => batch === undefined).map(({ name }) => name);
}

async function withDatabase<Result>(
  databaseUrl: string,
  connectTimeoutMs: number,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  const database = openDatabase(databaseUrl, { poolMax: 2, connectTimeoutMs, statementTimeoutMs: 0 });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/**
 * One process at a time, by an advisory lock that goes with its transaction; knex's own lock stays behind when a process dies, so
 * it is freed here. Others ask again and again: a statement that waits would keep `create index concurrently` waiting for it.
 */
async function alone<Result>(
  database: Database,
  say: (message: string) => void,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let asked = 0; ; asked++) {
    const done = await database.transaction(async (db) => {
      await db.raw('set local idle_in_transaction_session_timeout = 0');
      // Without a binding: a statement that has one leaves its snapshot open, which `concurrently` waits for.
      const { rows } = await db.raw<{ rows: { held: boolean }[] }>(
        `select pg_try_advisory_xact_lock(${advisoryLock}) as held`,
      );
      if (!rows[0]?.held) return undefined;
      await database.pool.migrate.forceFreeMigrationsLock(migrationConfig);
      return { result: await work() };
    });
    if (done) return done.result;
    if (asked === 0) say('another process migrates this database; waiting for it');
    await pause(pollMs);
  }
}

async function patiently(name: string, say: (message: string) => void, work: () => Promise<unknown>): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      if (attempt === lockAttempts) throw lockedOut(name, error);
      say(`${name} waits for somebody's lock; trying again`);
      await pause(lockPauseMs);
    }
  }
}

function isLockTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '55P03';
}

function lockedOut(name: string, cause: unknown): MigrationError {
  const remedy =
    'nothing of it was applied; end the transaction that has been open for long ' +
    '(select pid, state, xact_start, query from pg_stat_activity order by xact_start) and run it again';
  return new MigrationError(`${name} can't get a lock that somebody holds; ${remedy}`, { cause });
}
