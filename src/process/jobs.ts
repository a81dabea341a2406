import { listOf } from '../features/features.ts';
import { expiryJob } from '../platform/jobs/expiry.ts';
import { deleteOldDeadJobs } from '../platform/jobs/jobs.repository.ts';
import { countJobs } from '../platform/jobs/overview.repository.ts';
import { startJobWorker } from '../platform/jobs/worker.ts';
import type { Context } from './context.ts';

/** The jobs that run in a process. */
export interface Jobs {
  /** Leases no more jobs and waits for running ones; returns how many outlast the grace period. */
  readonly stop: () => Promise<number>;
}

/** Runs the jobs of all features unless JOBS is off, and adds their metrics. */
export function startJobs({ config, database, features, jobs: queue, log, metrics }: Context): Jobs {
  const expiry = [...listOf(features, 'expiry'), { name: 'jobs', deleteSome: deleteOldDeadJobs }];
  const handlers = [...listOf(features, 'jobs'), ...expiry.map((each) => expiryJob(each, database))];
  const names = handlers.map(({ name }) => name);
  const record = metrics.watchJobs(names, () => countJobs(database.pool));
  if (!config.runJobs) return { stop: async () => 0 };
  const worker = startJobWorker({ database, queue, handlers, log, record });
  let stopped: Promise<number> | undefined;
  return { stop: () => (stopped ??= worker.stop(config.shutdownGraceSeconds * 1000)) };
}
