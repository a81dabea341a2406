import { raw } from 'objection';
import type { Db } from '../database/database.ts';
import { JobModel } from './job.model.ts';

/** How many jobs there are, by state. */
export interface JobCounts {
  readonly name: string;
  /** Due and not leased. */
  readonly waiting: number;
  /** How long the oldest of these has been due; 0 if there are none. */
  readonly oldestAgeSeconds: number;
  /** Failed, and to be retried. */
  readonly retrying: number;
  /** How long ago the oldest of these was enqueued; 0 if there are none. */
  readonly retryingAgeSeconds: number;
  readonly dead: number;
}

/** A job as operators see it. */
export interface JobOverview {
  readonly id: string;
  readonly name: string;
  readonly state: 'dead' | 'running' | 'waiting';
  readonly attempts: number;
  readonly createdAt: Date;
  /** When it is due; for a running job, when its lease expires. */
  readonly runAt: Date;
  readonly lastError: string | null;
}

const isRunning = 'lease_id is not null and run_at > now()';

/** Counts the jobs of each name that has any. */
export async function countJobs(db: Db): Promise<JobCounts[]> {
  const { rows } = await db.raw<{ rows: JobCounts[] }>(`
    select name, count(*) filter (where ${isDue})::int as waiting, ${ageOf('run_at', isDue)} as "oldestAgeSeconds",
      count(*) filter (where ${isRetrying})::int as retrying, ${ageOf('created_at', isRetrying)} as "retryingAgeSeconds",
      count(dead_at)::int as dead
    from jobs where dead_at is not null or run_at <= now() or last_error is not null group by name`);
  return rows;
}

const isDue = 'dead_at is null and run_at <= now()';
const isRetrying = 'dead_at is null and last_error is not null';
const ageOf = (time: string, condition: string) =>
  `coalesce(extract(epoch from now() - min(${time}) filter (where ${condition})), 0)::float8`;

/** Dead jobs, then running ones, then waiting ones by when they are due. */
export async function listJobs(db: Db, limit?: number): Promise<JobOverview[]> {
  const query = JobModel.query(db)
    .select(
      '*',
      raw(`case when dead_at is not null then 'dead' when ${isRunning} then 'running' else 'waiting' end as state`),
    )
    .orderByRaw('dead_at is null, lease_id is null, run_at, id');
  const rows = (await (limit === undefined ? query : query.limit(limit))) as (JobModel & Pick<JobOverview, 'state'>)[];
  return rows.map(({ id, name, state, attempts, created_at, run_at, last_error }) => {
    return { id, name, state, attempts, createdAt: created_at, runAt: run_at, lastError: last_error };
  });
}

/** Makes a job due now, as if it were new; returns false if it does not exist or is running. */
export async function retryJob(db: Db, id: string): Promise<boolean> {
  const now = { dead_at: null, lease_id: null, attempts: 0, run_at: raw('now()') };
  return (await JobModel.query(db).patch(now).where({ id }).whereRaw(`not (${isRunning})`)) > 0;
}

/** Deletes a job; returns false if it does not exist or is running. */
export async function dropJob(db: Db, id: string): Promise<boolean> {
  return (await JobModel.query(db).delete().where({ id }).whereRaw(`not (${isRunning})`)) > 0;
}
