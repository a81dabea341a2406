import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase, type Database } from './database.ts';

const advisoryLock = 0x6c617463; // "latc"
const pollMs = 100;

/** Who waits for a lock makes everybody wait who comes after it, so a migration waits briefly, and often. */
export const lockTimeoutMs = 1000;
const lockAttempts = 5;
const lockPauseMs = 1000;

/** Why migrations can't be applied or taken back, with what would help, in one line. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/** Gives `work` a database whose statements take as long as they need. */
export async function withDatabase<Result>(
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
export async function alone<Result>(
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
      await database.pool.migrate.forceFreeMigrationsLock({ tableName: 'migrations' });
      return { result: await work() };
    });
    if (done) return done.result;
    if (asked === 0) say('another process migrates this database; waiting for it');
    await pause(pollMs);
  }
}

/** Tries again while somebody holds a lock that `work` needs. Throws a MigrationError in the end. */
export async function patiently<Result>(
  name: string,
  say: (message: string) => void,
  work: () => Promise<Result>,
): Promise<Result> {
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
