import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase, type Database } from './database.ts';
import { MigrationError } from './refusals.ts';

const advisoryLock = 0x6c617463; // "latc"
const pollMs = 100;

/** A statement that waits for a lock blocks all that queue behind it, so a migration waits briefly and retries. */
export const lockTimeoutMs = 1000;
const lockAttempts = 5;
const lockPauseMs = 1000;

/** Runs `work` with a database that has no statement timeout. */
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
 * Runs `work` in one process at a time, under an advisory lock that ends with its transaction; a lock of knex's that a dead process
 * left is freed. Others poll, since `create index concurrently` would wait for any statement that waits for the lock.
 */
export async function withMigrationLock<Result>(
  database: Database,
  say: (message: string) => void,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let asked = 0; ; asked++) {
    const done = await database.transaction(async (db) => {
      await db.raw('set local idle_in_transaction_session_timeout = 0');
      // No bindings: a statement that has them keeps its snapshot open, and `concurrently` waits for that.
      const { rows } = await db.raw<{ rows: { held: boolean }[] }>(
        `select pg_try_advisory_xact_lock(${advisoryLock}) as held`,
      );
      if (!rows[0]?.held) return undefined;
      await database.pool.migrate.forceFreeMigrationsLock({ tableName: 'migrations' });
      return { result: await work() };
    });
    if (done) return done.result;
    if (asked === 0) say('another process is migrating this database; waiting for it');
    await pause(pollMs);
  }
}

/** Retries `work` while another transaction holds a lock that it needs. Throws a MigrationError after the last attempt. */
export async function retryLockTimeouts<Result>(
  name: string,
  say: (message: string) => void,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      if (attempt === lockAttempts) throw lockNotAcquired(name, error);
      say(`${name} is waiting for a lock; retrying`);
      await pause(lockPauseMs);
    }
  }
}

function isLockTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '55P03';
}

function lockNotAcquired(name: string, cause: unknown): MigrationError {
  const remedy =
    'none of it was applied; end the transaction that has been open for too long ' +
    '(select pid, state, xact_start, query from pg_stat_activity order by xact_start) and run it again';
  return new MigrationError(`${name} can't get a lock that another transaction holds; ${remedy}`, { cause });
}
