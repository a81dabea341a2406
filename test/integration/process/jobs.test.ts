/** How `serve` runs jobs, even after it was killed, unless JOBS is off. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { expect } from 'chai';
import type { JobModel } from '../../../src/platform/jobs/job.model.ts';
import { testEnvironment } from '../../support/app.ts';
import { useDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { holdTable, type HeldTable } from '../../support/held-table.ts';
import { freePort } from '../../support/ports.ts';
import { startServer, type RunningServer } from '../../support/process.ts';
import { scrape } from '../../support/scrape.ts';
import { aSession, aUser, expireSession } from '../factories.ts';

describe('a server and its jobs', function () {
  const database = useDatabase();
  let servers: RunningServer[] = [];
  let sessions: HeldTable | undefined;

  beforeEach('delete all jobs', async () => {
    servers = [];
    await database.db('jobs').delete();
  });
  afterEach('stop the servers', async () => {
    await sessions?.release();
    sessions = undefined;
    for (const { child } of servers) {
      if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await once(child, 'exit');
    }
  });

  async function serve(variables: Record<string, string> = {}): Promise<RunningServer> {
    const server = await startServer({ ...testEnvironment(database.url), LOG_LEVEL: 'info', ...variables });
    servers.push(server);
    return server;
  }

  const jobs = () => database.db<JobModel>('jobs').select().orderBy('name');
  const jobOf = async (name: string) => (await jobs()).find((job) => job.name === name);
  const isScheduled = (job: JobModel | undefined) => job?.lease_id === null && job.run_at.getTime() > Date.now();
  const expired = () => database.db('sessions').where('expires_at', '<', database.db.fn.now());

  async function givenAnExpiredSession(): Promise<void> {
    const { id } = await aUser(database.db);
    await expireSession(database.db, await aSession(database.db, id));
  }

  it('deletes expired rows on one schedule for two servers', async () => {
    await givenAnExpiredSession();

    await Promise.all([serve(), serve()]);

    await eventually('nothing expired is left', async () => (await expired()).length === 0);
    const all = await eventually('all wait for their next time', async () => {
      const found = await jobs();
      return found.every(isScheduled) && found;
    });
    const names = all.map(({ name }) => name);
    expect(names).to.include.members(['expire_jobs', 'expire_sessions']);
    expect(names).to.deep.equal([...new Set(names)]);
  });

  it('that is killed during a job leaves it to the next', async () => {
    await givenAnExpiredSession();
    sessions = await holdTable(database.url, 'sessions');
    const first = await serve({ DATABASE_URL: `${database.url}?application_name=first` });
    await sessions.waiting(1);
    const connections = () => database.db('pg_stat_activity').where({ application_name: 'first' });
    expect(await connections()).to.not.deep.equal([]);

    first.child.kill('SIGKILL');
    await once(first.child, 'exit');

    const left = await jobOf('expire_sessions');
    expect(left).to.include({ attempts: 1 });
    expect(left!.run_at.getTime(), 'the lease still keeps others from it').to.be.greaterThan(Date.now());
    await sessions.release();
    // What it sent last may be a statement that leases whatever is due.
    await eventually('its statements have ended', async () => (await connections()).length === 0);
    await database.db('jobs').where({ id: left!.id }).update({ run_at: database.db.fn.now() });
    await serve();
    await eventually('it ran to its end', async () => isScheduled(await jobOf('expire_sessions')));
    expect(await expired()).to.deep.equal([]);
  });

  it('that stops during a job releases it within the grace period', async () => {
    sessions = await holdTable(database.url, 'sessions');
    const server = await serve();
    await sessions.waiting(1);

    server.child.kill('SIGTERM');
    await eventually('it is stopping', () => server.log().some(({ msg }) => msg === 'stopping'));
    await sessions.release();

    expect((await server.stop()).status).to.equal(0);
    expect(await jobOf('expire_sessions')).to.include({ lease_id: null, attempts: 0, last_error: null });
  });

  it("that stops doesn't wait for a job beyond the grace period, and its lease expires", async () => {
    sessions = await holdTable(database.url, 'sessions');
    const server = await serve({ SHUTDOWN_GRACE_SECONDS: '0' });
    await sessions.waiting(1);

    const begun = performance.now();
    const { status } = await server.stop();

    expect(status).to.equal(0);
    expect(performance.now() - begun, 'milliseconds until it ended').to.be.below(5000);
    expect(server.log().map(({ msg }) => msg)).to.include(
      'jobs outlast the grace period; they run again when their leases expire',
    );
    expect(await jobOf('expire_sessions')).to.include({ attempts: 1 });
  });

  for (const [what, variables] of [
    ['one process', {}],
    ['workers', { WORKERS: '2' }],
    ['JOBS=off, which runs none', { JOBS: 'off' }],
  ] as const) {
    it(`exports job metrics with ${what}`, async () => {
      const due = new Date(Date.now() - 100_000);
      const aJob = (columns: object) =>
        database.db('jobs').insert({ id: randomUUID(), name: 'of_another_release', payload: {}, ...columns });
      await aJob({ run_at: due });
      await aJob({ run_at: due, dead_at: due });
      const hours = (count: number) => new Date(Date.now() + count * 3_600_000);
      await aJob({ run_at: hours(1), created_at: hours(-2), attempts: 3, last_error: 'no answer' });
      const id = randomUUID();
      await aJob({ id, name: 'expire_sessions', is_recurring: true });
      const port = String(await freePort());

      await serve({ ADMIN_PORT: port, ...variables });

      const told = await eventually('it has run its jobs', async () => {
        const values = await scrape(`http://127.0.0.1:${port}`);
        const done = values.get('latchkey_jobs_total{name="expire_sessions",outcome="done"}');
        return (
          done === ('JOBS' in variables ? 0 : 1) &&
          values.get('latchkey_jobs_waiting{name="of_another_release"}') === 1 &&
          values
        );
      });
      const ofOther = (what: string) => told.get(`latchkey_jobs_${what}{name="of_another_release"}`);
      expect(ofOther('oldest_age_seconds')).to.be.within(100, 160);
      expect(ofOther('dead')).to.equal(1);
      expect(ofOther('retrying')).to.equal(1);
      expect(ofOther('retrying_age_seconds')).to.be.within(7200, 7260);
      expect(told.get('latchkey_jobs_waiting{name="send_notice"}')).to.equal(0);
      if (!('JOBS' in variables)) return;
      expect(await jobOf('expire_sessions')).to.include({ id, attempts: 0, lease_id: null });
      await serve();
      await eventually('another does', async () => isScheduled(await jobOf('expire_sessions')));
    });
  }
});
