/** What stubs of repositories get as `db`: they only tell the two apart. */
import type { Database, Db } from '../../../src/platform/database/database.ts';

export const pool = { stub: 'pool' } as unknown as Db;
export const transaction = { stub: 'transaction' } as unknown as Db;
export const database: Pick<Database, 'pool' | 'transaction'> = { pool, transaction: (work) => work(transaction) };

/** Throws when what must be all or nothing runs by itself. */
export function requireTransaction(db: Db): void {
  if (db !== transaction) throw new Error('this ran outside the transaction');
}
