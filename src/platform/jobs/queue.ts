import { v7 as createId } from 'uuid';
import { afterCommit, type Db } from '../database/database.ts';
import type { Payload } from './job.ts';
import { deleteJobsNaming, insertJob, listJobsNaming } from './jobs.repository.ts';
import * as overview from './overview.repository.ts';

export type { JobCounts, JobOverview, JobQuery } from './overview.repository.ts';

export interface NewJob {
  readonly name: string;
  readonly payload: Payload;
  readonly key?: string;
  readonly runAt?: Date;
}

/** A job that is not done. */
export interface QueuedJob {
  readonly name: string;
  readonly createdAt: Date;
  readonly runAt: Date;
}

/** Where features put jobs, and where administrators see what became of them. */
export interface JobQueue extends Pick<
  typeof overview,
  'listNewestJobs' | 'findJob' | 'retryJob' | 'dropJob' | 'countJobs'
> {
  /**
   * Writes a job in the caller's transaction, so that it runs only if that commits, and not before `runAt`. Does nothing while a job
   * of the same name and `key` is waiting or running. Returns the id that it was written under.
   */
  enqueue(db: Db, job: NewJob): Promise<string>;
  /** The jobs whose payload names one of these ids and addresses, the oldest first. */
  listNaming(db: Db, words: readonly string[], limit: number): Promise<QueuedJob[]>;
  /** Deletes them, also while they run. */
  dropNaming(db: Db, words: readonly string[]): Promise<void>;
  /**
   * Calls back with the name of each job, new or due again, that this process commits; workers of other processes find it at their next
   * poll.
   */
  onEnqueued(listener: (name: string) => void): void;
}

export function createJobQueue(): JobQueue {
  const listeners: ((name: string) => void)[] = [];
  const notify = (name: string) => {
    for (const listener of listeners) listener(name);
  };
  return {
    ...overview,
    async retryJob(db, id) {
      const job = await overview.retryJob(db, id);
      if (typeof job === 'object') afterCommit(db, () => notify(job.name));
      return job;
    },
    async enqueue(db, { name, payload, key, runAt }) {
      const id = createId();
      await insertJob(db, { id, name, payload, ...(key !== undefined && { key }), ...(runAt && { run_at: runAt }) });
      afterCommit(db, () => notify(name));
      return id;
    },
    async listNaming(db, words, limit) {
      const rows = await listJobsNaming(db, words, limit);
      return rows.map(({ name, created_at: createdAt, run_at: runAt }) => ({ name, createdAt, runAt }));
    },
    dropNaming: deleteJobsNaming,
    onEnqueued: (listener) => void listeners.push(listener),
  };
}
