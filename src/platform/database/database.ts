import createKnex, { type Knex } from 'knex';
import { connect, type Connection } from './connection.ts';
import { createFreshness, retryOutdated } from './freshness.ts';
import { Handover, type LendingPool } from './handover.ts';

/** A pool or a transaction: the first argument of every repository function. */
export type Db = Knex;

/** Calls back once the transaction commits, or at once on a pool; never if it rolls back. */
export function afterCommit(db: Db, run: () => void): void {
  const committed = db.isTransaction ? (db as Knex.Transaction).executionPromise : Promise.resolve();
  void committed.then(run, () => {});
}

/** How many connections a pool holds and may hold, and how many queries are waiting for one. */
export interface PoolState {
  readonly used: number;
  readonly idle: number;
  readonly connecting: number;
  readonly waiting: number;
  readonly max: number;
}

/** How many connections a primary may open; it runs jobs but answers no requests. */
export const primaryPoolMax = 3;

/** A PostgreSQL database. */
export interface Database {
  /** Runs each statement on its own, on any connection of the pool. */
  readonly pool: Db;
  /** Commits `work`, or rolls it back if it throws. `work` runs a second time if the connection was outdated. */
  readonly transaction: <Result>(work: (db: Db) => Promise<Result>) => Promise<Result>;
  /** The current use of the pool. */
  readonly poolState: () => PoolState;
  readonly close: () => Promise<void>;
}

/** Limits of the pool; times in milliseconds. */
export interface PoolOptions {
  readonly poolMax: number;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
  /** Whether hot queries are planned once per connection; PgBouncer before 1.21 can't do that. */
  readonly preparedStatements?: boolean;
}

/** Called with each new connection, before its first query. */
export type WatchConnection = (connection: Connection) => void;

/** Creates a pool, which connects when it is first used. */
export function openDatabase(url: string, options: PoolOptions, watch?: WatchConnection): Database {
  const freshness = createFreshness();
  const config: Knex.Config & Preparing = {
    client: 'pg',
    connection: {},
    preparedStatements: options.preparedStatements ?? true,
    acquireConnectionTimeout: options.connectTimeoutMs,
    pool: { min: 0, max: options.poolMax, validate: freshness.isFresh },
    // Connection failures are thrown and logged where they are caught; knex would also print them, bypassing the log.
    log: { warn: () => {} },
  };
  const pool = createKnex(config);
  // knex does not expose its pool, but keeps it here.
  const client = pool.client as { readonly pool: LendingPool };
  const handover = new Handover(client.pool, freshness.isFresh);
  Object.assign(client, {
    handover,
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
    poolState: () => stateOf(client.pool, handover),
    close: () => pool.destroy(),
  };
}

/** The part of a pool's configuration that `prepare` reads. */
export interface Preparing {
  readonly preparedStatements: boolean;
}

function stateOf(pool: LendingPool, { kept }: Handover): PoolState {
  return {
    used: pool.numUsed() - kept,
    idle: pool.numFree() + kept,
    connecting: pool.numPendingCreates(),
    waiting: pool.numPendingAcquires(),
    max: pool.max,
  };
}
