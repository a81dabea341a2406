import type { Db } from '../database/database.ts';

/** The JSON input of a job. Never contains secrets, since operators may read the table. */
export type Payload = Readonly<Record<string, unknown>>;

/**
 * Work that a feature defers. A job runs at least once: if its process dies after the work but before marking it done, it runs again.
 * So `run` is idempotent, or does its work in the transaction in which it calls `complete`.
 */
export interface JobHandler {
  /** In snake_case; it appears in the table and in metrics. */
  readonly name: string;
  /** Throws if the job must be retried; a FinalError if that is of no use. */
  run(payload: Payload, run: JobRun): Promise<void>;
  /** Attempts before the job is dead; 12 by default, which takes about two hours. */
  readonly maxAttempts?: number;
  /** Jobs that wait for a mail server run beside all others, so that a slow one delays only mails. */
  readonly lane?: 'mail';
  /** The pause between runs of a recurring job; without it, the job runs when it is enqueued. */
  readonly everySeconds?: number;
}

/** One attempt at a job. */
export interface JobRun {
  readonly jobId: string;
  /** 1 for the first. */
  readonly attempt: number;
  /** Aborted when the process stops or the lease is lost; work that can end early should then throw. */
  readonly signal: AbortSignal;
  /** Marks the job done in the transaction that does its work, so that both commit or neither does. Throws a LeaseLostError. */
  complete(db: Db): Promise<void>;
}

/** Another worker has leased the job, or an operator dropped it, so its work must not be committed. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';

  constructor() {
    super('the lease of the job was lost');
  }
}

/** A failure that a retry can't fix: the job is dead at once. */
export class FinalError extends Error {
  override readonly name = 'FinalError';
}

const firstPauseSeconds = 5;
const maxPauseSeconds = 60 * 60;

/** The backoff after a failed attempt, in seconds: doubles with each, up to an hour; half of it is jitter. */
export function pauseAfterAttempt(attempt: number, random: () => number = Math.random): number {
  const longest = Math.min(firstPauseSeconds * 2 ** (attempt - 1), maxPauseSeconds);
  return (longest / 2) * (1 + random());
}
