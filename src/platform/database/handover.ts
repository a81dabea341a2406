import type { Connection } from './connection.ts';

/** knex's pool (tarn). */
export interface LendingPool {
  readonly max: number;
  numUsed(): number;
  numFree(): number;
  numPendingCreates(): number;
  numPendingAcquires(): number;
  on(event: 'acquireRequest' | 'poolDestroyRequest', listener: () => void): void;
  release(connection: Connection): boolean;
}

/**
 * Hands connections from one hot query to the next, since lending one takes the pool longer than sending the query. The pool counts
 * those that are kept here as used, but gets them back as soon as anybody asks it for a connection, so nobody waits for them.
 */
export class Handover {
  readonly #pool: LendingPool;
  readonly #isFresh: (connection: Connection) => boolean;
  #kept: Connection[] = [];
  #isClosing = false;

  constructor(pool: LendingPool, isFresh: (connection: Connection) => boolean) {
    this.#pool = pool;
    this.#isFresh = isFresh;
    pool.on('acquireRequest', () => this.#returnAll());
    pool.on('poolDestroyRequest', () => {
      this.#isClosing = true;
      this.#returnAll();
    });
  }

  /** How many connections are kept. */
  get kept(): number {
    return this.#kept.length;
  }

  /** Takes a connection; `undefined` if the pool has to be asked. */
  take(): Connection | undefined {
    const connection = this.#kept.pop();
    if (connection === undefined || this.#isFresh(connection)) return connection;
    this.#pool.release(connection);
    return undefined;
  }

  /** Gives back a connection that was taken here, or from the pool. */
  give(connection: Connection): void {
    if (this.#isClosing || this.#pool.numPendingAcquires() > 0) this.#pool.release(connection);
    else this.#kept.push(connection);
  }

  #returnAll(): void {
    const returned = this.#kept;
    this.#kept = [];
    for (const connection of returned) this.#pool.release(connection);
  }
}
