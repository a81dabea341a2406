import createKnex, { type Knex } from 'knex';
import { connect, type Connection } from './connection.ts';
import { createFreshness, retryOutdated } from './freshness.ts';

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

/** How many connections a primary may open, which runs jobs and answers no request. */
export const primaryPoolMax = 3;

/** A PostgreSQL database. */
export interface Database {
  /** Runs each statement by itself, on any connection of the pool. */
  readonly pool: Db;
  /** Commits what `work` does, or undoes it when `work` throws. It may be called twice, when the connection was outdated. */
  readonly transaction: <Result>(work: (db: Db) => Promise<Result>) => Promise<Result>;
  /** How the pool is used now. */
  readonly poolState: () => PoolState;
  readonly close: () => Promise<void>;
}

/** Bounds on connections; times in milliseconds. */
export interface PoolOptions {
  readonly poolMax: number;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
  /** Whether hot queries are planned once for a connection; a PgBouncer before 1.21 can't keep such plans. */
  readonly preparedStatements?: boolean;
}

/** Hears of each new connection, before its first query. */
export type WatchConnection = (connection: Connection) => void;

/** Makes a pool. It connects when it is first used. */
export function openDatabase(url: string, options: PoolOptions, watch?: WatchConnection): Database {
  const freshness = createFreshness();
  const config: Knex.Config & Preparing = {
    client: 'pg',
    connection: {},
    preparedStatements: options.preparedStatements ?? true,
    acquireConnectionTimeout: options.connectTimeoutMs,
    pool: { min: 0, max: options.poolMax, validate: freshness.isFresh },
    // A connection that can't be made is thrown, and logged where it is caught; knex would print it too, past the log.
    log: { warn: () => {} },
  };
  const pool = createKnex(config);
  Object.assign(pool.client as object, {
    async acquireRawConnection() {
      const connection = await connect({ url, ...options });
      freshness.watch(connection);
      watch?.(connection);
      return connection;
    },
  });
  return {
    pool,
    transaction: (work) => retryOutdated(() => pool.transaction(work)),
    poolState: () => stateOf(pool),
    close: () => pool.destroy(),
  };
}

/** What a pool's configuration says to `prepare`. */
export interface Preparing {
  readonly preparedStatements: boolean;
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
