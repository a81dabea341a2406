import { v7 as createId } from 'uuid';
import type { Database, Db } from '../database/database.ts';
import { reasonOf } from '../database/errors.ts';
import { redact } from '../log/redaction.ts';
import { FinalError, LeaseLostError, pauseAfterAttempt, type JobHandler } from './job.ts';
import * as jobs from './jobs.repository.ts';
import type { LeasedJob } from './jobs.repository.ts';

/** How an attempt ended: `failed` is retried after a pause, `released` at once; `lost` no longer belongs to this worker. */
export const jobOutcomes = ['done', 'failed', 'dead', 'released', 'lost'] as const;
export type JobOutcome = (typeof jobOutcomes)[number];

interface Ended {
  readonly outcome: JobOutcome;
  readonly error?: unknown;
}

const defaultAttempts = 12;
const maxErrorLength = 500;

/**
 * Runs a job under its lease and stores the outcome. `controller` stops it. Throws if the outcome can't be stored; then the job is
 * retried when the lease expires.
 */
export async function attemptJob(
  database: Database,
  job: LeasedJob,
  handler: JobHandler,
  { controller, leaseSeconds }: { controller: AbortController; leaseSeconds: number },
): Promise<Ended> {
  const { maxAttempts = defaultAttempts } = handler;
  // Only a process that died leaves a job with too many attempts, because it could not record the last failure.
  if (job.attempts > maxAttempts)
    return bury(database, job, handler, new Error('its process ended during the last attempt'));
  const { signal } = controller;
  const stopExtending = holdLease(database, job, controller, leaseSeconds);
  const completion = { isDone: false };
  const complete = async (db: Db) => {
    if (!(await markDone(db, job, handler))) throw new LeaseLostError();
    completion.isDone = true;
  };
  try {
    signal.throwIfAborted();
    await handler.run(job.payload, { jobId: job.id, attempt: job.attempts, signal, complete });
    if (!completion.isDone) await database.transaction(complete);
    return { outcome: 'done' };
  } catch (error) {
    if (error instanceof LeaseLostError || signal.reason instanceof LeaseLostError) return { outcome: 'lost', error };
    if (signal.aborted) return await release(database, job, error);
    const isLast = job.attempts >= maxAttempts || error instanceof FinalError;
    return await (isLast ? bury(database, job, handler, error) : postpone(database, job, error));
  } finally {
    stopExtending();
  }
}

/** Extends a lease while the job runs, and stops the job if the lease is lost. */
function holdLease({ pool }: Database, job: LeasedJob, controller: AbortController, leaseSeconds: number): () => void {
  const extend = async () => {
    if (!(await jobs.extendLease(pool, job, leaseSeconds))) controller.abort(new LeaseLostError());
  };
  // If one extension fails, the next makes up for it.
  const timer = setInterval(() => void extend().catch(() => {}), (leaseSeconds * 1000) / 3).unref();
  return () => clearInterval(timer);
}

function markDone(db: Db, job: LeasedJob, { everySeconds }: JobHandler): Promise<boolean> {
  if (!job.isRecurring || everySeconds === undefined) return jobs.deleteDoneJob(db, job);
  return jobs.rescheduleJob(db, job, everySeconds);
}

async function release(database: Database, job: LeasedJob, error: unknown): Promise<Ended> {
  const isHeld = await database.transaction((db) => jobs.releaseJob(db, job));
  return { outcome: isHeld ? 'released' : 'lost', error };
}

async function postpone(database: Database, job: LeasedJob, error: unknown): Promise<Ended> {
  const pauseSeconds = pauseAfterAttempt(job.attempts);
  const isHeld = await database.transaction((db) => jobs.postponeJob(db, job, pauseSeconds, describe(error)));
  return { outcome: isHeld ? 'failed' : 'lost', error };
}

async function bury(database: Database, job: LeasedJob, { everySeconds }: JobHandler, error: unknown): Promise<Ended> {
  const isHeld = await database.transaction(async (db) => {
    const isBuried = await jobs.buryJob(db, job, describe(error));
    // The dead job shows what failed; a new one takes its place, at the usual interval.
    if (isBuried && job.isRecurring && everySeconds !== undefined) {
      await jobs.insertRecurringJob(db, createId(), job.name, everySeconds);
    }
    return isBuried;
  });
  return { outcome: isHeld ? 'dead' : 'lost', error };
}

// Stored in the database and shown to operators.
function describe(error: unknown): string {
  return redact(reasonOf(error)).slice(0, maxErrorLength);
}
