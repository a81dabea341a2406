/** The `db` that stubbed repositories get: the pool or a transaction, which they can only tell apart. */
import type { Database, Db } from '../../../src/platform/database/database.ts';

export const pool = { stub: 'pool' } as unknown as Db;
export const transaction = { stub: 'transaction' } as unknown as Db;
export const database: Pick<Database, 'pool' | 'transaction'> = { pool, transaction: (work) => work(transaction) };

/** Throws when a change runs outside a transaction. */
export function requireTransaction(db: Db): void {
  if (db !== transaction) throw new Error('this ran outside the transaction');
}
