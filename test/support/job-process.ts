/** A process for tests to kill: runs the jobs of DATABASE_URL and records the start of each attempt in a table `runs`. */
import { openDatabase, type Db } from '../../src/platform/database/database.ts';
import type { JobHandler, JobRun } from '../../src/platform/jobs/job.ts';
import { createJobQueue } from '../../src/platform/jobs/queue.ts';
import { startJobWorker } from '../../src/platform/jobs/worker.ts';
import { createLog } from '../../src/platform/log/log.ts';

const bounds = { poolMax: 4, connectTimeoutMs: 5000, statementTimeoutMs: 10_000 };
const database = openDatabase(process.env['DATABASE_URL']!, bounds);
const tell = async (db: Db, { jobId, attempt }: JobRun) => {
  await db('runs').insert({ job_id: jobId, attempt, pid: process.pid });
};

const handlers: JobHandler[] = [
  {
    name: 'tell',
    run: (_payload, run) => tell(database.pool, run),
  },
  {
    name: 'tell_once',
    maxAttempts: 1000,
    run: (_payload, run) =>
      database.transaction(async (db) => {
        await tell(db, run);
        await run.complete(db);
      }),
  },
  {
    name: 'hang_at_first',
    async run(_payload, run) {
      await tell(database.pool, run);
      if (run.attempt === 1) await new Promise(() => {});
    },
  },
];

startJobWorker({
  database,
  queue: createJobQueue(),
  handlers,
  log: createLog({ level: 'silent', format: 'json' }),
  record: () => {},
  pollMs: 20,
  leaseSeconds: 1,
});
