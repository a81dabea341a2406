import { raw } from 'objection';
import type { Db } from '../database/database.ts';
import type { Payload } from './job.ts';
import { JobModel } from './job.model.ts';

/** The indexes of the table, with queries that need them. */
export const jobIndexes = {
  jobs_pkey: `select * from jobs where id = '00000000-0000-0000-0000-000000000000'`,
  jobs_run_at_idx: 'select id from jobs where dead_at is null and run_at <= now() order by run_at limit 5',
  jobs_recurring_key: `select id from jobs where name = '' and is_recurring`,
  jobs_name_key_key: undefined,
  jobs_dead_at_idx: undefined,
};

/** A job that a worker holds the lease of. */
export interface LeasedJob {
  readonly id: string;
  readonly leaseId: string;
  readonly name: string;
  readonly payload: Payload;
  readonly isRecurring: boolean;
  /** How often it was leased, including this time. */
  readonly attempts: number;
}

type Lease = Pick<LeasedJob, 'id' | 'leaseId'>;

/**
 * Leaves a job of that name and key as it is while it waits or runs, but for a write: otherwise an answer would come sooner while a mail
 * waits, which it never does for an address that nobody has.
 */
export async function insertJob(
  db: Db,
  job: { id: string; name: string; payload: Payload; key?: string; run_at?: Date },
): Promise<void> {
  await JobModel.query(db)
    .insert(job)
    .onConflict(raw('(name, key) where key is not null and dead_at is null'))
    .merge({ key: raw('jobs.key') });
}

/** Creates the recurring job of a name, due after a pause, unless it exists. */
export async function insertRecurringJob(db: Db, id: string, name: string, pauseSeconds: number): Promise<void> {
  await JobModel.query(db)
    .insert({ id, name, payload: {}, is_recurring: true, run_at: inSeconds(pauseSeconds) })
    .onConflict(raw('(name) where is_recurring'))
    .ignore();
}

/** Leases up to `limit` due jobs, oldest first, in one statement, so that no two workers lease the same job. */
export async function leaseJobs(
  db: Db,
  leaseId: string,
  { names, limit, leaseSeconds }: { names: readonly string[]; limit: number; leaseSeconds: number },
): Promise<LeasedJob[]> {
  const due = JobModel.query(db)
    .select('id')
    .whereIn('name', names)
    .whereNull('dead_at')
    .where('run_at', '<=', raw('now()'))
    .orderBy('run_at')
    .limit(limit)
    .forUpdate()
    .skipLocked();
  const rows = await JobModel.query(db)
    .patch({ lease_id: leaseId, attempts: raw('attempts + 1'), run_at: inSeconds(leaseSeconds) })
    .whereRaw('id = any(array(?))', [due])
    .returning('*');
  return rows.map(({ id, name, payload, is_recurring, attempts }) => {
    return { id, leaseId, name, payload, isRecurring: is_recurring, attempts };
  });
}

/** Each of the following changes a job only while its lease is held, and says whether it was. */
const held = (db: Db, { id, leaseId }: Lease) => JobModel.query(db).where({ id, lease_id: leaseId });

export async function extendLease(db: Db, lease: Lease, leaseSeconds: number): Promise<boolean> {
  return (await held(db, lease).patch({ run_at: inSeconds(leaseSeconds) })) > 0;
}

export async function deleteDoneJob(db: Db, lease: Lease): Promise<boolean> {
  return (await held(db, lease).delete()) > 0;
}

/** Schedules the next run of a recurring job, with no attempts yet. */
export async function rescheduleJob(db: Db, lease: Lease, pauseSeconds: number): Promise<boolean> {
  const next = { lease_id: null, attempts: 0, last_error: null, run_at: inSeconds(pauseSeconds) };
  return (await held(db, lease).patch(next)) > 0;
}

/** Schedules the next attempt of a failed job. */
export async function postponeJob(db: Db, lease: Lease, pauseSeconds: number, lastError: string): Promise<boolean> {
  const next = { lease_id: null, last_error: lastError, run_at: inSeconds(pauseSeconds) };
  return (await held(db, lease).patch(next)) > 0;
}

/** Returns a job to the queue, as if it had not been leased. */
export async function releaseJob(db: Db, lease: Lease): Promise<boolean> {
  return (await held(db, lease).patch({ lease_id: null, attempts: raw('attempts - 1'), run_at: raw('now()') })) > 0;
}

/** Keeps a job that failed for the last time, so that operators can inspect it; it no longer recurs. */
export async function buryJob(db: Db, lease: Lease, lastError: string): Promise<boolean> {
  const dead = { lease_id: null, last_error: lastError, dead_at: raw('now()'), is_recurring: false };
  return (await held(db, lease).patch(dead)) > 0;
}

// Somewhere in the payload, as a text of its own.
const naming = `not is_recurring and jsonb_path_exists(payload, '$.** \\? (@ == $words[*])', jsonb_build_object('words', ?::jsonb))`;

/** The jobs whose payload has one of these words, the oldest first. */
export async function listJobsNaming(db: Db, words: readonly string[], limit: number): Promise<JobModel[]> {
  return JobModel.query(db)
    .whereRaw(naming, [JSON.stringify(words)])
    .orderBy('created_at')
    .limit(limit);
}

/** Deletes them. One that runs loses its lease, so that what it does in the transaction of its end is undone. */
export async function deleteJobsNaming(db: Db, words: readonly string[]): Promise<void> {
  await JobModel.query(db)
    .delete()
    .whereRaw(naming, [JSON.stringify(words)]);
}

const deadDays = 30;

/** Deletes up to `limit` jobs that have been dead for 30 days; returns how many. */
export async function deleteOldDeadJobs(db: Db, limit: number): Promise<number> {
  const old = JobModel.query(db)
    .select('id')
    .where('dead_at', '<', raw(`now() - ? * interval '1 day'`, [deadDays]))
    .limit(limit)
    .forUpdate()
    .skipLocked();
  return JobModel.query(db).delete().whereRaw('id = any(array(?))', [old]);
}

function inSeconds(seconds: number) {
  return raw(`now() + ? * interval '1 second'`, [seconds]);
}
