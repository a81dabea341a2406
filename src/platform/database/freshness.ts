import type { EventEmitter } from 'node:events';
import type { Connection } from './connection.ts';

// The session or the server has ended.
const ended = /^(08|57P|25P0[234])/;
// The database is not what the session expects: it is read-only, a column's type changed, a table is missing. 22012 is the division by
// zero with which a statement reports that its deadline passed; here, because a clock was set.
const changed = /^(25006|0A000|22012|42)/;

/** A connection younger than this reflects the current database, so a new one would fail the same way. */
const youngMs = 250;

/** Knows which connections of a pool still fit their database. */
export interface Freshness {
  /** Watches a new connection for errors that PostgreSQL reports. */
  readonly watch: (connection: Connection) => void;
  /** Whether a connection can still be used. */
  readonly isFresh: (connection: Connection) => boolean;
}

/** An error that outdates one connection outdates all older ones too, so the next request does not run into the same error. */
export function createFreshness(): Freshness {
  let since = 0;
  const connectedAt = new WeakMap<Connection, number>();
  return {
    watch(connection) {
      connectedAt.set(connection, performance.now());
      const drop = () => void connectedAt.delete(connection);
      connection.on('error', drop);
      connection.on('end', drop);
      // Listening to the protocol's messages costs nothing while there are no errors.
      const { connection: protocol } = connection as unknown as { connection: EventEmitter };
      protocol.on('errorMessage', ({ code = '' }: { code?: string }) => {
        const age = performance.now() - (connectedAt.get(connection) ?? 0);
        if (ended.test(code)) drop();
        else if (code === '0A000' || (changed.test(code) && age > youngMs)) since = performance.now();
      });
    },
    // A connection that is still in a transaction was released by a caller that gave up waiting.
    isFresh: (connection) => (connectedAt.get(connection) ?? 0) > since && connection.getTransactionStatus() === 'I',
  };
}

/** Whether a statement failed because its connection no longer fits the database; it had no effect and can run on another one. */
export function isOutdated(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && changed.test(String(error.code))) return true;
  // Objection wraps what the driver threw.
  return 'nativeError' in error && isOutdated(error.nativeError);
}

/** Retries `work` once if the connection was outdated; `work` must have no effects outside the database. */
export async function retryOutdated<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isOutdated(error)) throw error;
    return work();
  }
}
