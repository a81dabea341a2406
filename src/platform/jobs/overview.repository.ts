import { raw, UniqueViolationError } from 'objection';
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

export type JobState = 'dead' | 'running' | 'waiting';

/** A job as operators see it. */
export interface JobOverview {
  readonly id: string;
  readonly name: string;
  readonly state: JobState;
  readonly attempts: number;
  readonly isRecurring: boolean;
  readonly createdAt: Date;
  /** When it is due; for a running job, when its lease expires. */
  readonly runAt: Date;
  readonly deadAt: Date | null;
  readonly lastError: string | null;
}

/** Which jobs to list; all that match both. */
export interface JobQuery {
  readonly state?: JobState | undefined;
  readonly name?: string | undefined;
}

const isRunning = 'lease_id is not null and run_at > now()';

const isIn: Record<JobState, string> = {
  dead: 'dead_at is not null',
  running: isRunning,
  waiting: `dead_at is null and not (${isRunning})`,
};

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
  const query = JobModel.query(db).select(overview).orderByRaw('dead_at is null, lease_id is null, run_at, id');
  return ((await (limit === undefined ? query : query.limit(limit))) as Row[]).map(toOverview);
}

/** The newest first, or those before one; ids sort by age. */
export async function listNewestJobs(
  db: Db,
  { state, name }: JobQuery,
  limit: number,
  beforeId?: string,
): Promise<JobOverview[]> {
  const query = JobModel.query(db).select(overview).orderBy('id', 'desc').limit(limit);
  if (state !== undefined) void query.whereRaw(isIn[state]);
  if (name !== undefined) void query.where({ name });
  if (beforeId !== undefined) void query.where('id', '<', beforeId);
  return ((await query) as Row[]).map(toOverview);
}

export async function findJob(db: Db, id: string): Promise<JobOverview | undefined> {
  const row = await JobModel.query(db).select(overview).findById(id);
  return row && toOverview(row as Row);
}

/**
 * Makes a job due now, as if it were new, and returns it; `undefined` if it does not exist or is running. A newer job of the same key
 * makes it `replaced`, and ends a transaction.
 */
export async function retryJob(db: Db, id: string): Promise<JobOverview | 'replaced' | undefined> {
  const now = { dead_at: null, lease_id: null, attempts: 0, run_at: raw('now()') };
  try {
    const rows = await JobModel.query(db).patch(now).where({ id }).whereRaw(`not (${isRunning})`).returning(overview);
    return (rows as Row[]).map(toOverview)[0];
  } catch (error) {
    if (error instanceof UniqueViolationError) return 'replaced';
    throw error;
  }
}

/** Deletes a job and returns it; `undefined` if it does not exist or is running, or is in another state than asked for. */
export async function dropJob(db: Db, id: string, state?: JobState): Promise<JobOverview | undefined> {
  const query = JobModel.query(db).delete().where({ id }).whereRaw(`not (${isRunning})`);
  if (state !== undefined) void query.whereRaw(isIn[state]);
  return ((await query.returning(overview)) as Row[]).map(toOverview)[0];
}

type Row = JobModel & { readonly state: JobState };

const overview = [
  'jobs.*',
  raw(`case when ${isIn.dead} then 'dead' when ${isRunning} then 'running' else 'waiting' end`).as('state'),
];

function toOverview({ id, name, state, attempts, is_recurring, created_at, run_at, dead_at, last_error }: Row) {
  const times = { createdAt: created_at, runAt: run_at, deadAt: dead_at };
  return { id, name, state, attempts, isRecurring: is_recurring, ...times, lastError: last_error };
}
