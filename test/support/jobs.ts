/** Job workers for a suite, with handlers that the tests define. They are stopped after each test. */
import type { Database } from '../../src/platform/database/database.ts';
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
