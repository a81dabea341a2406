import createKnex, { type Knex } from 'knex';

/** A pool or a transaction: what every function of a repository takes first. */
export type Db = Knex;

/** A PostgreSQL database. */
export interface Database {
  /** Runs each statement by itself, on any connection of the pool. */
  readonly pool: Db;
  /** Commits what `work` does, or undoes it when `work` throws. */
  transaction<Result>(work: (db: Db) => Promise<Result>): Promise<Result>;
  readonly close: () => Promise<void>;
}

/** Bounds on connections; times in milliseconds. */
export interface PoolOptions {
  readonly poolMax: number;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

/** Makes a pool. It connects when it is first used. */
export function openDatabase(url: string, options: PoolOptions): Database {
  const connection = {
    connectionString: url,
    application_name: 'latchkey',
    connectionTimeoutMillis: options.connectTimeoutMs,
    statement_timeout: options.statementTimeoutMs,
    lock_timeout: options.statementTimeoutMs,
    idle_in_transaction_session_timeout: options.statementTimeoutMs * 3,
    keepAlive: true,
  };
  const pool = createKnex({
    client: 'pg',
    connection,
    acquireConnectionTimeout: options.connectTimeoutMs,
    pool: { min: 0, max: options.poolMax },
    // A connection that can't be made is thrown, and logged where it is caught; knex would print it too, past the log.
    log: { warn: () => {} },
  });
  return {
    pool,
    transaction: (work) => pool.transaction(work),
    close: () => pool.destroy(),
  };
}
