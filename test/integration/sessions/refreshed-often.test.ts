import { expect } from 'chai';
import type { Db } from '../../../src/platform/database/database.ts';
import { deleteExpiredSessions, endSession } from '../../../src/features/sessions/sessions.repository.ts';
import { useDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { aToken, refresh, tokenOf, type GivenToken } from './refreshing.ts';

const times = 2000;

interface Measured {
  readonly rows: string;
  readonly tableKb: number;
  readonly indexesKb: number;
}

describe(`a session that was refreshed ${times} times`, () => {
  const database = useDatabase();
  let given: GivenToken;
  let atFirst: Measured;
  let generation = 0;

  async function measure(): Promise<Measured> {
    const { rows } = await database.db.raw<{ rows: Measured[] }>(`
      select concat_ws(' ', (select count(*) from users), (select count(*) from sessions),
          (select count(*) from refresh_tokens), (select count(*) from jobs)) as rows,
        pg_relation_size('sessions')::int / 1024 as "tableKb", pg_indexes_size('sessions')::int / 1024 as "indexesKb"`);
    return rows[0]!;
  }

  before('refresh it', async function () {
    given = await aToken(database.db);
    // Analysing takes a snapshot, which keeps outdated rows as long as it lasts.
    await database.db.raw('alter table sessions set (autovacuum_enabled = false)');
    atFirst = await measure();
    await refreshTimes(times);
  });

  async function refreshTimes(count: number): Promise<void> {
    for (const end = generation + count; generation < end; generation++) {
      const continued = await refresh(database.db, tokenOf(given, generation));
      if (!continued) throw new Error(`refresh ${generation} was refused`);
    }
  }

  it('has left no row behind', async () => {
    const { rows, indexesKb } = await measure();

    expect(rows).to.equal(atFirst.rows);
    expect(indexesKb).to.equal(atFirst.indexesKb);
  });

  it('takes no more pages, however often it is refreshed', async () => {
    // PostgreSQL keeps outdated rows while it analyses another table. If they were never removed, 500 of them would take 150 kB each time.
    await eventually('500 refreshes need no more pages', async () => {
      const before = await measure();
      await refreshTimes(500);
      return (await measure()).tableKb - before.tableKb <= 16;
    });
  });

  it('is refreshed without touching an index', async () => {
    const updated = await updatesOf(async (db) => {
      for (const end = generation + 20; generation < end; generation++) await refresh(db, tokenOf(given, generation));
    });

    // Nothing makes room on the page before a transaction ends, so a few go on to another.
    expect(updated.all).to.equal(20);
    expect(updated.hot).to.be.at.least(15);
  });

  it('ends by one update of one row, which is deleted within the hour', async () => {
    const updated = await updatesOf((db) => endSession(db, given.session));

    expect(updated.all).to.equal(1);
    await deleteExpiredSessions(database.db, 100);
    expect(await database.db('sessions').where({ id: given.session })).to.deep.equal([]);
  });

  /** How many updates a transaction makes in `sessions`, and how many of them touch no index. */
  function updatesOf(work: (db: Db) => Promise<unknown>): Promise<{ all: number; hot: number }> {
    return database.db.transaction(async (db) => {
      const count = async () => {
        const { rows } = await db.raw<{ rows: { all: number; hot: number }[] }>(
          `select n_tup_upd::int as all, n_tup_hot_upd::int as hot from pg_stat_xact_user_tables
          where relname = 'sessions'`,
        );
        return rows[0]!;
      };
      const before = await count();
      await work(db);
      const after = await count();
      return { all: after.all - before.all, hot: after.hot - before.hot };
    });
  }
});
