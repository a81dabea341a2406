import type { EventEmitter } from 'node:events';
import type { Connection } from './connection.ts';

// The session, or the server, has come to its end.
const ended = /^(08|57P|25P0[234])/;
// The database is another than the session took it for: it could be written, a column had another type, a table was there; 22012 is
// the division by which a statement says that it is too late, here by a clock that was set.
const changed = /^(25006|0A000|22012|42)/;

/** A connection this young tells how the database is now, so that another one would tell the same. */
const youngMs = 250;

/** Which connections of a pool still fit their database. */
export interface Freshness {
  /** Hears what PostgreSQL says to a new connection. */
  readonly watch: (connection: Connection) => void;
  /** Whether a connection may be used. */
  readonly isFresh: (connection: Connection) => boolean;
}

/** What outdates one connection outdates all that were made before, so that the next request has not to find out again. */
export function createFreshness(): Freshness {
  let since = 0;
  const made = new WeakMap<Connection, number>();
  return {
    watch(connection) {
      made.set(connection, performance.now());
      const drop = () => void made.delete(connection);
      connection.on('error', drop);
      connection.on('end', drop);
      // The protocol's own messages: asking costs nothing as long as all is well.
      const { connection: protocol } = connection as unknown as { connection: EventEmitter };
      protocol.on('errorMessage', ({ code = '' }: { code?: string }) => {
        const age = performance.now() - (made.get(connection) ?? 0);
        if (ended.test(code)) drop();
        else if (code === '0A000' || (changed.test(code) && age > youngMs)) since = performance.now();
      });
    },
    // A connection that is in a transaction was given back by somebody who gave up waiting.
    isFresh: (connection) => (made.get(connection) ?? 0) > since && connection.getTransactionStatus() === 'I',
  };
}

/** Whether a statement failed since its connection no longer fits the database: nothing was done, and another connection may do it. */
export function isOutdated(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && changed.test(String(error.code))) return true;
  // Objection wraps what the driver threw.
  return 'nativeError' in error && isOutdated(error.nativeError);
}

/** Does it once more when the connection was outdated; `work` must do nothing but ask the database. */
export async function retryOutdated<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isOutdated(error)) throw error;
    return work();
  }
}
