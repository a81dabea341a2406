import { setTimeout as pause } from 'node:timers/promises';
import { v7 as createId } from 'uuid';
import type { Database } from '../database/database.ts';
import type { Log } from '../log/log.ts';
import { attemptJob, type JobOutcome } from './attempt.ts';
import type { JobHandler } from './job.ts';
import { insertRecurringJob, leaseJobs, type LeasedJob } from './jobs.repository.ts';
import type { JobQueue } from './queue.ts';

/** Runs jobs until it is stopped. */
export interface JobWorker {
  /** Leases no more jobs and waits for running ones, up to the grace period; returns how many are still running. */
  stop(graceMs: number): Promise<number>;
}

export interface JobWorkerOptions {
  readonly database: Database;
  readonly queue: JobQueue;
  readonly handlers: readonly JobHandler[];
  readonly log: Log;
  readonly record: (name: string, outcome: JobOutcome) => void;
  /** How many jobs run at once in each lane. */
  readonly concurrency?: number;
  /** How often it looks for jobs that other processes enqueued. */
  readonly pollMs?: number;
  /** When another worker may take over a job whose process died. */
  readonly leaseSeconds?: number;
}

/** Jobs that share the places where they run. */
interface Lane {
  readonly names: readonly string[];
  running: number;
  /** Whether a job may be due that the worker has not looked for. */
  mayHaveDue: boolean;
}

/** Starts running due jobs. Any number of workers, in any number of processes, share the jobs of a database. */
export function startJobWorker(options: JobWorkerOptions): JobWorker {
  const { database, queue, log, record, concurrency = 5, pollMs = 2000, leaseSeconds = 60 } = options;
  const handlers = new Map(options.handlers.map((handler) => [handler.name, handler]));
  if (handlers.size < options.handlers.length) throw new Error('two job handlers have the same name');
  const lanes = [undefined, 'mail'].map((lane): Lane => {
    const names = options.handlers.filter((handler) => handler.lane === lane).map(({ name }) => name);
    return { names, running: 0, mayHaveDue: false };
  });
  const running = new Map<AbortController, Promise<void>>();
  let stopReason: Error | undefined;
  let sleep = new AbortController();
  let isScheduled = false;
  let isUnavailable = false;
  const wake = () => sleep.abort();
  const isReady = (lane: Lane) => lane.mayHaveDue && lane.running < concurrency;
  queue.onEnqueued((name) => {
    for (const lane of lanes) if (lane.names.includes(name)) lane.mayHaveDue = true;
    wake();
  });
  const polling = poll();

  async function poll(): Promise<void> {
    let pollAt = 0;
    while (!stopReason) {
      sleep = new AbortController();
      if (performance.now() >= pollAt) {
        for (const lane of lanes) lane.mayHaveDue = lane.names.length > 0;
        pollAt = performance.now() + pollMs;
      }
      for (const lane of lanes) if (isReady(lane)) await fill(lane);
      const rest = Math.max(0, pollAt - performance.now());
      if (!lanes.some(isReady)) await pause(rest, undefined, { signal: sleep.signal }).catch(() => {});
    }
  }

  async function fill(lane: Lane): Promise<void> {
    const limit = concurrency - lane.running;
    lane.mayHaveDue = false; // what is enqueued from now on, the query may miss
    const leased = await lease(lane.names, limit);
    for (const job of leased) start(job, lane);
    lane.mayHaveDue ||= leased.length === limit;
  }

  async function lease(names: readonly string[], limit: number): Promise<LeasedJob[]> {
    try {
      if (!isScheduled) await schedule();
      const leased = await leaseJobs(database.pool, createId(), { names, limit, leaseSeconds });
      if (isUnavailable) log.info('jobs are running again');
      isUnavailable = false;
      return leased;
    } catch (error) {
      if (!isUnavailable) log.error({ err: error }, 'jobs cannot run; the worker keeps retrying');
      isUnavailable = true;
      return [];
    }
  }

  async function schedule(): Promise<void> {
    for (const { name, everySeconds } of handlers.values()) {
      if (everySeconds !== undefined) await insertRecurringJob(database.pool, createId(), name, 0);
    }
    isScheduled = true;
  }

  function start(job: LeasedJob, lane: Lane): void {
    const handler = handlers.get(job.name);
    if (!handler) return;
    const controller = new AbortController();
    if (stopReason) controller.abort(stopReason);
    lane.running += 1;
    const ended = run(job, handler, controller).finally(() => {
      lane.running -= 1;
      running.delete(controller);
      if (lane.mayHaveDue) wake();
    });
    running.set(controller, ended);
  }

  async function run(job: LeasedJob, handler: JobHandler, controller: AbortController): Promise<void> {
    const { id, name, attempts } = job;
    const about = { job: name, job_id: id, attempt: attempts };
    const begun = performance.now();
    try {
      const { outcome, error } = await attemptJob(database, job, handler, { controller, leaseSeconds });
      record(name, outcome);
      const line = { ...about, outcome, duration_ms: Math.round(performance.now() - begun), err: error };
      if (outcome === 'dead') log.error(line, 'a job failed for the last time');
      else if (outcome === 'failed') log.warn(line, 'a job failed and will be retried');
      else log.debug(line, 'a job ended');
    } catch (error) {
      log.error(
        { ...about, err: error },
        'the outcome of a job could not be stored; it runs again when its lease expires',
      );
    }
  }

  return {
    async stop(graceMs) {
      stopReason = new Error('the server is stopping');
      wake();
      for (const controller of running.keys()) controller.abort(stopReason);
      await polling;
      const grace = new AbortController();
      const end = pause(graceMs, undefined, { signal: grace.signal }).catch(() => {});
      await Promise.race([Promise.all(running.values()), end]);
      grace.abort();
      if (running.size > 0)
        log.warn({ jobs: running.size }, 'jobs outlast the grace period; they run again when their leases expire');
      return running.size;
    },
  };
}
