/** Job workers for a suite, with handlers that the tests define. They are stopped after each test. */
import { expect } from 'chai';
import type { Database } from '../../src/platform/database/database.ts';
import type { JobModel } from '../../src/platform/jobs/job.model.ts';
import type { JobHandler } from '../../src/platform/jobs/job.ts';
import { createJobQueue } from '../../src/platform/jobs/queue.ts';
import { startJobWorker, type JobWorker, type JobWorkerOptions } from '../../src/platform/jobs/worker.ts';
import { createLog } from '../../src/platform/log/log.ts';
import { eventually } from './eventually.ts';

type Options = Partial<Omit<JobWorkerOptions, 'handlers'>>;

export function useJobWorkers(database: { readonly database: Database }) {
  const queue = createJobQueue();
  let workers: JobWorker[] = [];
  let outcomes: string[] = [];

  beforeEach('delete all jobs', async () => {
    outcomes = [];
    await database.database.pool('jobs').delete();
  });
  afterEach('stop the workers', async () => {
    await Promise.all(workers.map((worker) => worker.stop(5000)));
    workers = [];
  });

  return {
    queue,
    /** The outcome of each attempt, as `name outcome`. */
    outcomes: () => outcomes,
    start(handlers: readonly JobHandler[], options: Options = {}): JobWorker {
      const log = createLog({ level: 'silent', format: 'json' });
      const record = (name: string, outcome: string) => void outcomes.push(`${name} ${outcome}`);
      const worker = startJobWorker({
        database: database.database,
        queue,
        handlers,
        log,
        record,
        pollMs: 50,
        ...options,
      });
      workers.push(worker);
      return worker;
    },
    ended: (count: number) => eventually(`${count} attempts ended`, () => outcomes.length >= count && outcomes),
  };
}

/** A handler of jobs named `try`. */
export function handler(run: JobHandler['run'], more: Partial<JobHandler> = {}): JobHandler {
  return { name: 'try', run, ...more };
}

/** Reads and changes the rows of jobs. */
export function jobRows(database: { readonly db: Database['pool'] }) {
  return {
    rows: () => database.db<JobModel>('jobs').select().orderBy('created_at'),
    rowOf: (id: string) => database.db<JobModel>('jobs').where({ id }).first(),
    makeDue: (id: string) => database.db('jobs').where({ id }).update({ run_at: database.db.fn.now() }),
    /** Asserts that the job was put off by so many seconds, at some moment since `since` (milliseconds since 1970). */
    expectPutOff: async (id: string, since: number, shortest: number, longest = shortest): Promise<void> => {
      const row = await database.db<JobModel>('jobs').where({ id }).first();
      // Times are stored in milliseconds, rounded.
      const [earliest, latest] = [since + 1000 * shortest - 1, Date.now() + 1000 * longest + 1];
      expect(row?.run_at.getTime()).to.be.within(earliest, latest);
    },
  };
}
