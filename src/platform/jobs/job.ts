import type { Db } from '../database/database.ts';

/** What a job needs to know; JSON. Never a secret: operators may read the table. */
export type Payload = Readonly<Record<string, unknown>>;

/**
 * What a feature can have done later. A job runs at least once: a process that dies after the work and before it is marked done leaves
 * it to another. So `run` is idempotent, or does its work in the transaction in which it calls `complete`.
 */
export interface JobHandler {
  /** In small letters with underscores; the rows of the table and the metrics name it. */
  readonly name: string;
  /** Throws when the job has to be tried again. */
  run(payload: Payload, run: JobRun): Promise<void>;
  /** How often it is tried before it is dead; 12 unless told otherwise, which takes about two hours. */
  readonly maxAttempts?: number;
  /** How many seconds after its end it runs again; without it, it runs when it is enqueued. */
  readonly everySeconds?: number;
}

/** One attempt at a job. */
export interface JobRun {
  readonly jobId: string;
  /** 1 for the first. */
  readonly attempt: number;
  /** Aborted when the process stops, or when the lease is lost: what can end early should, by throwing. */
  readonly signal: AbortSignal;
  /** Marks the job done in the transaction that does its work, so that both happen once or not at all. Throws a LeaseLostError. */
  complete(db: Db): Promise<void>;
}

/** Another worker has taken the job, or an operator dropped it: what was done for it must not be marked. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';

  constructor() {
    super('the lease of the job was lost');
  }
}

const firstPauseSeconds = 5;
const longestPauseSeconds = 60 * 60;

/** How long to wait after a failed attempt, in seconds: doubled with each, up to an hour, of which half is left to chance. */
export function pauseAfterAttempt(attempt: number, random: () => number = Math.random): number {
  const longest = Math.min(firstPauseSeconds * 2 ** (attempt - 1), longestPauseSeconds);
  return (longest / 2) * (1 + random());
}
