import type { Database, Db } from '../database/database.ts';
import type { JobHandler } from './job.ts';

/** Deletes expired rows of a table. */
export interface Expiry {
  /** The table. */
  readonly name: string;
  /** Deletes up to `limit` of them, and returns how many. */
  readonly deleteSome: (db: Db, limit: number) => Promise<number>;
}

// A session may have thousands of refresh tokens: small batches stay within the statement timeout and hold locks briefly.
const batchSize = 20;
const everySeconds = 60 * 60;

/** The recurring job that deletes expired rows. Processes that run it at the same time share the work. */
export function expiryJob({ name, deleteSome }: Expiry, { pool }: Pick<Database, 'pool'>): JobHandler {
  return {
    name: `expire_${name}`,
    everySeconds,
    async run(_payload, { signal }) {
      do signal.throwIfAborted();
      while ((await deleteSome(pool, batchSize)) === batchSize);
    },
  };
}
