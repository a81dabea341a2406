/** Jobs as they are when they have failed, or while they run. */
import { randomUUID } from 'node:crypto';
import { v7 as createId } from 'uuid';
import type { JobModel } from '../../src/platform/jobs/job.model.ts';
import type { TestApp } from './app.ts';

/** Adds a job, waiting unless told otherwise; returns its id. */
export async function addJob(app: TestApp, columns: Partial<JobModel> = {}): Promise<string> {
  const id = createId();
  await app.context.database.pool('jobs').insert({ id, name: 'send_notice', payload: {}, ...columns });
  return id;
}

export const deadJob = (): Partial<JobModel> => ({ attempts: 12, dead_at: new Date(), last_error: 'no such mailbox' });

export const runningJob = (): Partial<JobModel> => ({
  attempts: 1,
  lease_id: randomUUID(),
  run_at: new Date(Date.now() + 60_000),
});
