/** How a worker handles jobs that fail. */
import { expect } from 'chai';
import { FinalError, type Payload } from '../../../src/platform/jobs/job.ts';
import { deleteOldDeadJobs } from '../../../src/platform/jobs/jobs.repository.ts';
import { useDatabase } from '../../support/database.ts';
import { handler, jobRows, useJobWorkers } from '../../support/jobs.ts';

describe('jobs', () => {
  const database = useDatabase();
  const { queue, ended, outcomes, ...workers } = useJobWorkers(database);
  const start: typeof workers.start = (...args) => workers.start(...args);
  const enqueue = (name: string, payload: Payload = {}) => queue.enqueue(database.db, { name, payload });
  const { rows, rowOf, expectPutOff, makeDue } = jobRows(database);

  it('that fail are retried with growing backoff and record the error', async () => {
    start([handler(() => Promise.reject(new Error('the mail server of ada@example.com is away')))]);
    let since = Date.now();
    const id = await enqueue('try');

    for (const [attempt, shortest, longest] of [
      [1, 2.5, 5],
      [2, 5, 10],
      [3, 10, 20],
      [4, 20, 40],
    ] as const) {
      await ended(attempt);
      const row = await rowOf(id);
      expect(row).to.include({ attempts: attempt, lease_id: null, dead_at: null });
      expect(row?.last_error).to.equal('the mail server of [e-mail address] is away');
      await expectPutOff(id, since, shortest, longest);
      since = Date.now();
      await makeDue(id);
    }
    expect(outcomes().slice(0, 4)).to.deep.equal(Array(4).fill('try failed'));
  });

  it('that fail their last attempt are kept as dead and not retried', async () => {
    start([handler(() => Promise.reject(new Error('no such address')), { maxAttempts: 2 })]);
    const id = await enqueue('try', { to: 'nobody' });
    await ended(1);
    await makeDue(id);

    expect(await ended(2)).to.deep.equal(['try failed', 'try dead']);

    const row = await rowOf(id);
    expect(row).to.deep.include({
      payload: { to: 'nobody' },
      attempts: 2,
      last_error: 'no such address',
      lease_id: null,
    });
    expect(row?.dead_at).to.be.instanceOf(Date);
    await makeDue(id);
    await enqueue('try');
    expect((await ended(3)).at(-1)).to.equal('try failed');
    expect((await rowOf(id))?.attempts).to.equal(2);
  });

  it('that crash their process every time become dead too', async () => {
    const id = await enqueue('try');
    await database.db('jobs').where({ id }).update({ attempts: 2, lease_id: id });
    let runs = 0;
    const count = () => void (runs += 1);

    start([handler(async () => count(), { maxAttempts: 2 })]);

    expect(await ended(1)).to.deep.equal(['try dead']);
    expect(runs).to.equal(0);
    expect((await rowOf(id))?.last_error).to.equal('its process ended during the last attempt');
  });

  it('that fail for good are dead at once', async () => {
    start([handler(() => Promise.reject(new FinalError('no such mailbox')))]);
    const id = await enqueue('try');

    expect(await ended(1)).to.deep.equal(['try dead']);
    expect(await rowOf(id)).to.include({ attempts: 1, last_error: 'no such mailbox' });
  });

  it('that have been dead for 30 days are deleted', async () => {
    const [old, young] = [await enqueue('try'), await enqueue('try')];
    const bury = (id: string, days: number) =>
      database
        .db('jobs')
        .where({ id })
        .update({ dead_at: database.db.raw(`now() - ? * interval '1 day'`, [days]) });
    await bury(old, 31);
    await bury(young, 29);

    expect(await deleteOldDeadJobs(database.db, 100)).to.equal(1);

    expect((await rows()).map(({ id }) => id)).to.deep.equal([young]);
  });

  it('that recur leave a dead copy after the last failure and continue', async () => {
    const since = Date.now();
    start([handler(() => Promise.reject(new Error('no disk')), { everySeconds: 3600, maxAttempts: 1 })]);

    expect(await ended(1)).to.deep.equal(['try dead']);

    const [dead, next] = await rows();
    expect(dead).to.include({ is_recurring: false, last_error: 'no disk' });
    expect(next).to.include({ is_recurring: true, dead_at: null, attempts: 0 });
    await expectPutOff(next!.id, since, 3600);
  });
});
