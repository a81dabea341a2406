import { expect } from 'chai';
import { afterCommit, openDatabase, type Database } from '../../../src/platform/database/database.ts';
import { useDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';

describe('what waits for the commit of a transaction', () => {
  const own = useDatabase();
  let database: Database;
  let calls: string[];

  beforeEach(() => {
    calls = [];
    database = openDatabase(own.url, { poolMax: 2, connectTimeoutMs: 5000, statementTimeoutMs: 60_000 });
  });
  afterEach(() => database.close());

  it('is called after it, and at once where there is none', async () => {
    await database.transaction(async (db) => {
      afterCommit(db, () => calls.push('after the commit'));
      await db.raw('select 1');
      calls.push('in the transaction');
    });
    afterCommit(database.pool, () => calls.push('without one'));

    await eventually('all are called', () => calls.length === 3);
    expect(calls).to.deep.equal(['in the transaction', 'after the commit', 'without one']);
  });

  it('is never called when it rolls back, and once when it is repeated', async () => {
    let tries = 0;

    await database.transaction(async (db) => {
      const attempt = ++tries;
      afterCommit(db, () => calls.push(`try ${attempt}`));
      await db.raw('select 1');
      // A plan that has become wrong, after which transactions are repeated.
      if (attempt === 1) throw Object.assign(new Error('cached plan must not change result type'), { code: '0A000' });
    });

    await eventually('it is called', () => calls.length > 0);
    expect(calls).to.deep.equal(['try 2']);
  });
});
