import pg from 'pg';

/** How many statements this process sends to PostgreSQL while `work` runs, by whatever connection. */
export async function countStatements(work: () => Promise<unknown>): Promise<number> {
  const own = Object.getOwnPropertyDescriptor(pg.Client.prototype, 'query')!;
  const query = own.value as (...args: unknown[]) => unknown;
  let count = 0;
  Object.defineProperty(pg.Client.prototype, 'query', {
    ...own,
    value(this: pg.Client, ...args: unknown[]) {
      count += 1;
      return query.apply(this, args);
    },
  });
  try {
    await work();
  } finally {
    Object.defineProperty(pg.Client.prototype, 'query', own);
  }
  return count;
}
