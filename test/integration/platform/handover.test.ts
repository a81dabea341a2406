import { expect } from 'chai';
import { openDatabase, type Database } from '../../../src/platform/database/database.ts';
import { prepare } from '../../../src/platform/database/prepared.ts';
import { useDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';

interface Backend {
  readonly pid: number;
}

const selectBackend = prepare<Backend>('select pg_backend_pid() as pid');
const sleep = prepare<Backend>('select pg_backend_pid() as pid from pg_sleep($1)');

describe('connections that hot queries hand on', () => {
  const own = useDatabase();
  let database: Database;

  beforeEach(() => {
    database = openDatabase(own.url, { poolMax: 1, connectTimeoutMs: 5000, statementTimeoutMs: 10_000 });
  });
  afterEach(() => database.close());

  const pidOf = async (rows: Promise<Backend[]>) => (await rows)[0]!.pid;
  const hot = () => pidOf(selectBackend(database.pool));
  const inTransaction = () =>
    database.transaction(
      async (db) => (await db.raw<{ rows: Backend[] }>('select pg_backend_pid() as pid')).rows[0]!.pid,
    );

  it('serve the next without asking the pool', async () => {
    let asked = 0;
    const { pool } = database.pool.client as { pool: { on(event: 'acquireRequest', listener: () => void): void } };
    pool.on('acquireRequest', () => asked++);

    const pids = [await hot(), await hot(), await hot()];

    expect(new Set(pids).size).to.equal(1);
    expect(asked).to.equal(1);
  });

  it('are idle in the eyes of whoever watches the pool', async () => {
    await hot();

    expect(database.poolState()).to.include({ used: 0, idle: 1 });
  });

  it('go to a transaction that asks the pool, and back', async () => {
    const pid = await hot();

    expect(await inTransaction()).to.equal(pid);
    expect(await hot()).to.equal(pid);
  });

  it('go to a transaction that waits', async () => {
    await hot();
    const running = pidOf(sleep(database.pool, 0.1));

    const waiting = [inTransaction(), hot(), inTransaction()];

    expect(new Set(await Promise.all([running, ...waiting])).size).to.equal(1);
  });

  it('are replaced when they break', async () => {
    const pid = await hot();
    await own.db.raw('select pg_terminate_backend(?)', [pid]);

    await eventually('another connection serves', async () => (await hot().catch(() => pid)) !== pid);
  });

  it('are closed with the pool, and so is one in use', async () => {
    const pid = await hot();
    const running = sleep(database.pool, 0.1);

    await Promise.all([database.close(), running]);

    await eventually('the server has no such session', async () => {
      const { rowCount } = await own.db.raw<{ rowCount: number }>('select from pg_stat_activity where pid = ?', [pid]);
      return rowCount === 0;
    });
  });
});
