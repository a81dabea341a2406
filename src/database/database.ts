import createKnex, { type Knex } from 'knex';
import type { Client } from 'pg';

/** A pool or a transaction: what every function of a repository takes first. */
export type Db = Knex;

/** How many connections a pool holds and may hold, and how many queries wait for one. */
export interface PoolState {
  readonly used: number;
  readonly idle: number;
  readonly connecting: number;
  readonly waiting: number;
  readonly max: number;
}

/** A PostgreSQL database. */
export interface Database {
  /** Runs each statement by itself, on any connection of the pool. */
  readonly pool: Db;
  /** Commits what `work` does, or undoes it when `work` throws. */
  transaction<Result>(work: (db: Db) => Promise<Result>): Promise<Result>;
  /** How the pool is used now. */
  readonly poolState: () => PoolState;
  readonly close: () => Promise<void>;
}

/** Bounds on connections; times in milliseconds. */
export interface PoolOptions {
  readonly poolMax: number;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

/** A connection of the pool, as the driver makes it. */
export type Connection = Client;

/** Hears of each new connection, before its first query. */
export type WatchConnection = (connection: Connection) => void;

/** Makes a pool. It connects when it is first used. */
export function openDatabase(url: string, options: PoolOptions, watch?: WatchConnection): Database {
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
    pool: { min: 0, max: options.poolMax, ...(watch && { afterCreate: hearing(watch) }) },
    // A connection that can't be made is thrown, and logged where it is caught; knex would print it too, past the log.
    log: { warn: () => {} },
  });
  return {
    pool,
    transaction: (work) => pool.transaction(work),
    poolState: () => stateOf(pool),
    close: () => pool.destroy(),
  };
}

function hearing(watch: WatchConnection) {
  return (connection: Connection, done: (error: null, connection: Connection) => void) => {
    watch(connection);
    done(null, connection);
  };
}

// knex tells its pool (tarn) to nobody, yet keeps it in one place.
interface TarnPool {
  numUsed(): number;
  numFree(): number;
  numPendingCreates(): number;
  numPendingAcquires(): number;
  readonly max: number;
}

function stateOf(pool: Db): PoolState {
  const { pool: tarn } = pool.client as { pool: TarnPool };
  return {
    used: tarn.numUsed(),
    idle: tarn.numFree(),
    connecting: tarn.numPendingCreates(),
    waiting: tarn.numPendingAcquires(),
    max: tarn.max,
  };
}
