import { setTimeout as after } from 'node:timers/promises';
import { Counter, Gauge, type Registry } from 'prom-client';
import { jobOutcomes, type JobOutcome } from '../jobs/attempt.ts';
import type { JobCounts } from '../jobs/overview.repository.ts';

/** How long a scrape waits for its count, in milliseconds; the next scrape reports the result of a slower one. */
const waitMs = 500;

/** Counts the jobs at each scrape; the returned function records the outcome of a job that ran here. */
export function watchJobs(
  registers: Registry[],
  names: readonly string[],
  count: () => Promise<readonly JobCounts[]>,
): (name: string, outcome: JobOutcome) => void {
  let counts: readonly JobCounts[] = [];
  let counting: Promise<void> | undefined;
  const begin = async () => {
    // While the database is unavailable, which readiness reports, the gauges keep their values.
    counts = await count().catch(() => counts);
    counting = undefined;
  };
  const gauge = (name: string, help: string, read: (counts: JobCounts) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['name'],
      registers,
      aggregator: 'max',
      async collect() {
        await Promise.race([(counting ??= begin()), after(waitMs, undefined, { ref: false })]);
        this.reset();
        for (const job of names) this.set({ name: job }, 0);
        for (const each of counts) this.set({ name: each.name }, read(each));
      },
    });
  gauge('latchkey_jobs_waiting', 'Due jobs that are not running', ({ waiting }) => waiting);
  gauge(
    'latchkey_jobs_oldest_age_seconds',
    'How long the oldest waiting job has been due',
    (all) => all.oldestAgeSeconds,
  );
  gauge('latchkey_jobs_retrying', 'Jobs that failed and will be retried', ({ retrying }) => retrying);
  gauge(
    'latchkey_jobs_retrying_age_seconds',
    'How long ago the oldest job that failed and will be retried was enqueued',
    (all) => all.retryingAgeSeconds,
  );
  gauge('latchkey_jobs_dead', 'Jobs that failed for the last time', ({ dead }) => dead);
  const ended = new Counter({
    name: 'latchkey_jobs_total',
    help: 'Attempts at jobs by outcome',
    labelNames: ['name', 'outcome'],
    registers,
  });
  for (const name of names) for (const outcome of jobOutcomes) ended.inc({ name, outcome }, 0);
  return (name, outcome) => ended.inc({ name, outcome });
}
