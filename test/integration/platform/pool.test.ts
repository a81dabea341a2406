import { expect } from 'chai';
import { openDatabase, type Database } from '../../../src/platform/database/database.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { useDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { holdTable } from '../../support/held-table.ts';
import { newPerson } from '../../support/people.ts';
import { expectProblem } from '../../support/problems.ts';

const credentials = () => {
  const { email, password } = newPerson();
  return { json: { email, password } };
};

describe('the limits of the pool', () => {
  const suite = useDatabase();

  describe('of a session', () => {
    let bounded: Database;

    beforeEach(() => {
      bounded = openDatabase(suite.url, { poolMax: 2, connectTimeoutMs: 5000, statementTimeoutMs: 1000 });
    });

    afterEach(() => bounded.close());

    const codeOf = (work: PromiseLike<unknown>) =>
      Promise.resolve(work).then(
        () => 'done',
        (error: unknown) => (error as { code?: string }).code,
      );

    it('are the configured ones, whatever the database says', async () => {
      await suite.db.raw(`alter database ${new URL(suite.url).pathname.slice(1)} set statement_timeout = '77s'`);
      const names = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'];

      const { rows } = await bounded.pool.raw<{ rows: unknown[] }>(
        `select name, setting from pg_settings where name = any(?) order by setting, name`,
        [names],
      );

      expect(rows).to.deep.equal([
        { name: 'lock_timeout', setting: '1000' },
        { name: 'statement_timeout', setting: '1000' },
        { name: 'idle_in_transaction_session_timeout', setting: '3500' },
      ]);
    });

    it('cancel a slow statement', async () => {
      expect(await codeOf(bounded.pool.raw('select pg_sleep(5)'))).to.equal('57014');
    });

    it('end an idle transaction and free its locks', async () => {
      const idle = await bounded.pool.transaction();
      await idle('idempotency_keys').forUpdate().select();
      const { rows } = await idle.raw<{ rows: { pid: number }[] }>('select pg_backend_pid() as pid');

      await eventually('the server ends the session', async () => {
        const { rowCount } = await suite.db.raw<{ rowCount: number }>('select from pg_stat_activity where pid = ?', [
          rows[0]!.pid,
        ]);
        return rowCount === 0;
      });

      expect(await codeOf(idle.raw('select 1'))).to.not.equal('done');
      await idle.rollback().catch(() => {});
      expect(await codeOf(bounded.pool('idempotency_keys').select())).to.equal('done');
    });
  });

  describe('of requests', () => {
    let app: TestApp & { stop(): Promise<void> };

    before(async () => {
      const env = {
        DATABASE_POOL_MAX: '2',
        DATABASE_CONNECT_TIMEOUT_MS: '300',
        DATABASE_STATEMENT_TIMEOUT_MS: '1500',
      };
      app = await startApp(suite.url, { env });
    });

    after(() => app.stop());

    /** Retries, since a busy machine may not connect within the pool's timeout. */
    const takeConnection = () =>
      eventually('a connection is taken', () => app.context.database.pool.transaction().catch(() => undefined));
    /** A busy machine may answer 503 once more. */
    const expectRecovery = () =>
      eventually('all is well again', async () => {
        expectProblem(await app.send('post', '/auth/login', credentials()), 401, 'invalid_credentials');
        return true;
      });

    it('answer 503 with Retry-After when the pool is exhausted, and recover', async () => {
      const holders = [await takeConnection(), await takeConnection()];
      const began = performance.now();

      const answer = await app.send('post', '/auth/login', credentials());

      expectProblem(answer, 503, 'service_unavailable');
      expect(answer.headers).to.have.property('retry-after', '5');
      expect(performance.now() - began).to.be.lessThan(5000);
      await Promise.all(holders.map((holder) => holder.rollback()));
      await expectRecovery();
    });

    it("answer 503 when a lock isn't granted in time", async () => {
      const held = await holdTable(suite.url, 'users');

      const answer = await app.send('post', '/auth/login', credentials());

      expectProblem(answer, 503, 'service_unavailable');
      await held.release();
      await expectRecovery();
    });
  });
});
