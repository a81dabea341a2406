/** How a worker handles jobs that succeed, recur or are released. */
import { once } from 'node:events';
import { expect } from 'chai';
import { FinalError, type Payload } from '../../../src/platform/jobs/job.ts';
import { createLog } from '../../../src/platform/log/log.ts';
import { useDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { handler, jobRows, useJobWorkers } from '../../support/jobs.ts';

describe('jobs', () => {
  const database = useDatabase();
  const { queue, ended, outcomes, ...workers } = useJobWorkers(database);
  const start: typeof workers.start = (...args) => workers.start(...args);
  const enqueue = (name: string, payload: Payload = {}) => queue.enqueue(database.db, { name, payload });
  const { rows, rowOf, expectPutOff, makeDue } = jobRows(database);

  /** A job that runs until it is told to finish. */
  function longJob() {
    let finish = () => {};
    let begin = () => {};
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const run = () => {
      begin();
      return finished;
    };
    return { run, begun, finish };
  }

  it('run with their payload and are deleted when done', async () => {
    const got: Payload[] = [];
    start([handler(async (payload) => void got.push(payload))]);

    await enqueue('try', { to: 'ada', parts: ['a', 1, null] });

    expect(await ended(1)).to.deep.equal(['try done']);
    expect(got).to.deep.equal([{ to: 'ada', parts: ['a', 1, null] }]);
    expect(await rows()).to.deep.equal([]);
  });

  it('run after their transaction commits, and never when it rolls back', async () => {
    const got: Payload[] = [];
    // This worker doesn't poll, so only the notification reaches it.
    start([handler(async (payload) => void got.push(payload))], { pollMs: 600_000 });
    await eventually('it waits', async () => (await database.db.raw('select 1')) !== undefined);
    const undo = new Error('undone');

    await database.database
      .transaction(async (db) => {
        await queue.enqueue(db, { name: 'try', payload: { deed: 'undone' } });
        throw undo;
      })
      .catch((error: unknown) => expect(error).to.equal(undo));
    await database.database.transaction((db) => queue.enqueue(db, { name: 'try', payload: { deed: 'committed' } }));

    await ended(1);
    expect(got).to.deep.equal([{ deed: 'committed' }]);
  });

  it('wait until they are due', async () => {
    start([handler(async () => {})]);
    const later = await queue.enqueue(database.db, {
      name: 'try',
      payload: {},
      runAt: new Date(Date.now() + 3_600_000),
    });
    await enqueue('try');

    await ended(1);

    expect((await rows()).map(({ id }) => id)).to.deep.equal([later]);
  });

  it('are refused two handlers of one name', () => {
    const twice = [handler(async () => {}), handler(async () => {})];

    expect(() => start(twice)).to.throw('two job handlers have the same name');
  });

  it('with an unknown name stay for a release that knows it', async () => {
    start([handler(async () => {})]);
    const unknown = await enqueue('of_a_newer_release');
    await enqueue('try');

    await ended(1);

    expect(await rowOf(unknown)).to.include({ attempts: 0, lease_id: null });
  });

  it('of one key are one while it waits or runs, whoever enqueues them at once', async () => {
    const long = longJob();
    const withKey = (key: string, name = 'try') => queue.enqueue(database.db, { name, payload: {}, key });

    await Promise.all([...Array.from({ length: 20 }, () => withKey('ada')), withKey('eve'), withKey('ada', 'other')]);

    expect(await database.db('jobs').select('name', 'key').orderBy(['name', 'key'])).to.deep.equal([
      { name: 'other', key: 'ada' },
      { name: 'try', key: 'ada' },
      { name: 'try', key: 'eve' },
    ]);
    await database
      .db('jobs')
      .whereNotIn('id', database.db('jobs').select('id').where({ name: 'try', key: 'ada' }))
      .delete();
    start([handler(long.run)]);
    await long.begun;
    await withKey('ada');
    long.finish();
    expect(await ended(1)).to.deep.equal(['try done']);
    expect(await rows()).to.deep.equal([]);
    await withKey('ada');
    expect(await ended(2)).to.deep.equal(['try done', 'try done']);
  });

  it('that are dead leave their key to new ones', async () => {
    start([handler(() => Promise.reject(new FinalError('no')))]);
    const again = () => queue.enqueue(database.db, { name: 'try', payload: {}, key: 'ada' });
    await again();
    await ended(1);

    await again();

    expect(await ended(2)).to.deep.equal(['try dead', 'try dead']);
  });

  it('that send mail have a lane of their own, and leave the others theirs', async () => {
    const [mails, others] = [longJob(), longJob()];
    start([handler(mails.run, { name: 'mail', lane: 'mail' }), handler(others.run, { name: 'other' })]);
    for (let count = 0; count < 7; count++) await enqueue('mail');
    await mails.begun;

    for (let count = 0; count < 7; count++) await enqueue('other');

    const leased = () => database.db('jobs').whereNotNull('lease_id').orderBy('name').pluck<string[]>('name');
    const expected = [...Array<string>(5).fill('mail'), ...Array<string>(5).fill('other')];
    await eventually('both lanes are full', async () => (await leased()).join() === expected.join());
    mails.finish();
    await eventually('all mails are done', () => outcomes().length === 7);
    expect(new Set(outcomes())).to.deep.equal(new Set(['mail done']));
    others.finish();
    await ended(14);
  });

  it('are looked for once when one is enqueued, in its lane alone, and again when a full lane has room', async () => {
    let looks = 0;
    database.db.on(
      'query',
      ({ sql }: { sql: string }) => (looks += Number(sql.includes('"lease_id" = $1, "attempts"'))),
    );
    const mail = handler(async () => {}, { name: 'mail', lane: 'mail' });
    start([handler(async () => {}), mail], { pollMs: 600_000, concurrency: 2 });
    await eventually('it has looked into both lanes', () => looks === 2);

    await enqueue('try');
    await ended(1);
    expect(looks).to.equal(3);

    await database.database.transaction(async (db) => {
      for (let count = 0; count < 5; count++) await queue.enqueue(db, { name: 'try', payload: {} });
    });
    expect(await ended(6)).to.deep.equal(Array<string>(6).fill('try done'));
  });

  it('that recur have one row whatever the number of workers, and become due again after each run', async () => {
    const since = Date.now();
    let runs = 0;
    const count = () => void (runs += 1);
    const hourly = handler(async () => count(), { everySeconds: 3600 });
    for (let count = 0; count < 5; count++) start([hourly]);

    await ended(1);

    const all = await eventually('it waits again', async () => {
      const found = await rows();
      return found[0]?.lease_id === null && found;
    });
    expect(all).to.have.length(1);
    expect(all[0]).to.include({ name: 'try', is_recurring: true, attempts: 0 });
    await expectPutOff(all[0]!.id, since, 3600);
    start([hourly]);
    expect(await rows()).to.have.length(1);
    expect(runs).to.equal(1);
  });

  it('are released without losing an attempt when the worker stops', async () => {
    const worker = start([
      handler(async (_payload, { signal }) => {
        await once(signal, 'abort');
        signal.throwIfAborted();
      }),
    ]);
    const id = await enqueue('try');
    await eventually('it runs', async () => (await rowOf(id))?.attempts === 1);

    expect(await worker.stop(5000)).to.equal(0);

    // A lease that was under way when the worker stopped may get the job once more; it is released again.
    const releases = outcomes().length;
    expect(new Set(outcomes())).to.deep.equal(new Set(['try released']));
    expect(await rowOf(id)).to.include({ attempts: 0, lease_id: null, last_error: null });
    start([handler(async () => {})]);
    expect((await ended(releases + 1)).at(-1)).to.equal('try done');
  });

  it('finish within the grace period', async () => {
    const long = longJob();
    const worker = start([handler(long.run)]);
    await enqueue('try');
    await long.begun;

    const stopped = worker.stop(5000);
    long.finish();

    expect(await stopped).to.equal(0);
    expect(outcomes()).to.deep.equal(['try done']);
  });

  it('that outlast the grace period are left to another worker when the lease expires', async () => {
    const long = longJob();
    const worker = start([handler(long.run)]);
    const id = await enqueue('try');
    await long.begun;

    expect(await worker.stop(10)).to.equal(1);

    await makeDue(id);
    start([handler(async () => {})]);
    expect(await ended(1)).to.deep.equal(['try done']);
    long.finish();
    expect(await ended(2)).to.deep.equal(['try done', 'try lost']);
  });

  it('are aborted, not completed, by a worker that lost the lease', async () => {
    const told: unknown[] = [];
    const long = longJob();
    start(
      [
        handler(async (_payload, { signal }) => {
          await once(signal, 'abort');
          told.push((signal.reason as Error).name);
          await long.run();
        }),
      ],
      { leaseSeconds: 0.3 },
    );
    const id = await enqueue('try');
    await eventually('it runs', async () => (await rowOf(id))?.attempts === 1);
    const other = { lease_id: '0190a0a0-0000-7000-8000-000000000000', attempts: 2 };
    await database
      .db('jobs')
      .where({ id })
      .update({ ...other, run_at: database.db.raw(`now() + interval '1 hour'`) });

    await long.begun;
    long.finish();

    expect(told).to.deep.equal(['LeaseLostError']);
    expect(await ended(1)).to.deep.equal(['try lost']);
    expect(await rowOf(id)).to.include(other);
  });

  it('keep their lease while they run', async () => {
    const long = longJob();
    start([handler(long.run)], { leaseSeconds: 0.3 });
    const id = await enqueue('try');
    const first = await eventually('it runs', async () => {
      const row = await rowOf(id);
      return row?.attempts === 1 && row;
    });
    start([handler(async () => {})]);

    await eventually(
      'several leases have passed',
      async () => (await rowOf(id))!.run_at.getTime() > first.run_at.getTime() + 1000,
    );

    expect((await rowOf(id))?.attempts).to.equal(1);
    long.finish();
    expect(await ended(1)).to.deep.equal(['try done']);
  });

  it('resume after a database outage, logged once at start and end', async () => {
    const said: string[] = [];
    const say = (...[, message]: unknown[]) => void said.push(String(message));
    const log = Object.assign(createLog({ level: 'silent', format: 'json' }), {
      error: say,
      info: (message: string) => void said.push(message),
    });
    await database.db.raw('alter table jobs rename to away');
    start([handler(async () => {})], { log, pollMs: 20 });
    await eventually('it says so', () => said.length > 0);
    await database.db.raw('alter table away rename to jobs');

    await enqueue('try');

    expect(await ended(1)).to.deep.equal(['try done']);
    expect(said).to.deep.equal(['jobs cannot run; the worker keeps retrying', 'jobs are running again']);
  });
});
