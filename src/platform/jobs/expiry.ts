import type { Database, Db } from '../database/database.ts';
import type { JobHandler } from './job.ts';

/** Rows that nobody can use any more. */
export interface Expiry {
  /** The table. */
  readonly name: string;
  /** Deletes up to `limit` of them, and returns how many. */
  readonly deleteSome: (db: Db, limit: number) => Promise<number>;
}

// A session may have thousands of refresh tokens: a few at a time end within the statement timeout, and hold no lock for long.
const atOnce = 20;
const everySeconds = 60 * 60;

/** The recurring job that deletes what expired. Processes that do it at the same time share the work. */
export function expiryJob({ name, deleteSome }: Expiry, { pool }: Pick<Database, 'pool'>): JobHandler {
  return {
    name: `expire_${name}`,
    everySeconds,
    async run(_payload, { signal }) {
      do signal.throwIfAborted();
      while ((await deleteSome(pool, atOnce)) === atOnce);
    },
  };
}
