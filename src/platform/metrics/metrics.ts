import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { PoolState } from '../database/database.ts';
import type { JobCounts } from '../jobs/overview.repository.ts';
import { watchJobs } from './job-metrics.ts';
import { watchProcess } from './process-metrics.ts';
import { watchReadiness } from './readiness.ts';

/** The values of one process at one moment; serializable. */
export type Snapshot = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

export type Metrics = ReturnType<typeof createMetrics>;

/** By the first digit of the status; `aborted` if the client disconnected before the response. */
const statusClasses = ['aborted', '1xx', '2xx', '3xx', '4xx', '5xx'];
const requestBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Creates the metrics of one process. */
export function createMetrics({ version }: { version: string }) {
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number, aggregator: 'sum' | 'max' | 'first' = 'sum') =>
    new Gauge({
      name,
      help,
      registers,
      aggregator,
      collect() {
        this.set(read());
      },
    });
  const requests = countRequests(registers);
  const refusals = new Counter({
    name: 'latchkey_rate_limited_total',
    help: 'Requests refused by a rate limit, by policy',
    labelNames: ['policy'],
    registers,
  });
  let degraded = false;
  let serves = true;
  let configured = 1;
  let linesLost = () => 0;
  gauge(
    'latchkey_rate_limits_degraded',
    '1 while rate limits are not counted across servers',
    () => Number(degraded),
    'max',
  );
  gauge('latchkey_workers', 'Processes that serve requests', () => Number(serves));
  gauge('latchkey_workers_configured', 'Configured number of processes that serve requests', () => configured, 'max');
  const deaths = new Counter({
    name: 'latchkey_worker_deaths_total',
    help: 'Workers that ended unexpectedly',
    registers,
  });
  new Counter({
    name: 'latchkey_log_lines_lost_total',
    help: 'Log lines that could not be written',
    registers,
    collect() {
      this.reset();
      this.inc(linesLost());
    },
  });
  new Gauge({
    name: 'latchkey_build_info',
    help: 'Always 1',
    labelNames: ['version', 'node_version'],
    registers,
    aggregator: 'max',
  }).set({ version, node_version: process.versions.node }, 1);

  return {
    ...requests,
    /** Creates a counter with one label, whose values start at zero so that the first event shows as an increase. */
    labelledCounter: <Value extends string>(options: CounterOptions<Value>) => counterOf(registers, options),
    /** Creates a histogram; the returned function observes. */
    histogram(options: { readonly name: string; readonly help: string; readonly buckets: number[] }) {
      const histogram = new Histogram({ ...options, registers });
      return (value: number) => histogram.observe(value);
    },
    /** Creates a gauge that is read only when scraped. */
    gauge: (name: string, help: string, read: () => number) => void gauge(name, help, read),
    /** Creates a counter without labels. */
    counter(options: { readonly name: string; readonly help: string }) {
      const counter = new Counter({ ...options, registers });
      return () => counter.inc();
    },
    /** Counts the requests that a rate limit policy refuses. */
    refusals: (policy: string) => {
      const labelled = refusals.labels(policy);
      labelled.inc(0);
      return () => labelled.inc();
    },
    /** Records whether each process counts on its own, because the shared store is unavailable. */
    limitsDegraded(now: boolean) {
      degraded = now;
    },
    /** Records that this process answers no requests itself, but has this many workers that do. */
    becomePrimary(workers: number) {
      serves = false;
      configured = workers;
    },
    workerDied: () => deaths.inc(),
    watchPool: (read: () => PoolState) => watchPool(registers, read),
    watchLog(read: () => number) {
      linesLost = read;
    },
    watchJobs: (names: readonly string[], count: () => Promise<readonly JobCounts[]>) =>
      watchJobs(registers, names, count),
    watchReadiness: (check: () => Promise<void>) => watchReadiness(registers, check),
    /** Adds the metrics of the process itself; the returned function stops monitoring the event loop. */
    watchProcess: () => watchProcess(registry),
    snapshot: (): Promise<Snapshot> => registry.getMetricsAsJSON(),
  };
}

function countRequests(registers: Registry[]) {
  const durations = new Histogram({
    name: 'latchkey_http_request_duration_seconds',
    help: 'Request duration by operation and status class',
    labelNames: ['operation_id', 'status_class'],
    buckets: requestBuckets,
    registers,
  });
  let inFlight = 0;
  new Gauge({
    name: 'latchkey_http_requests_in_flight',
    help: 'Requests in flight',
    registers,
    collect() {
      this.set(inFlight);
    },
  });
  // Labels are resolved once per operation and class, not per request.
  const children = new Map<string, (Histogram.Internal<string> | undefined)[]>();
  const childOf = (operation: string, status: number) => {
    let classes = children.get(operation);
    if (!classes) children.set(operation, (classes = []));
    const index = Math.floor(status / 100);
    return (classes[index] ??= durations.labels(operation, statusClasses[index] ?? '5xx'));
  };
  return {
    requestStarted() {
      inFlight += 1;
    },
    /** `status` is 0 if the client disconnected before the response. */
    requestEnded(operationId: string | undefined, status: number, seconds: number) {
      inFlight -= 1;
      childOf(operationId ?? 'none', status).observe(seconds);
    },
  };
}

export interface CounterOptions<Value extends string> {
  readonly name: string;
  readonly help: string;
  readonly label: string;
  readonly values: readonly Value[];
}

function counterOf<Value extends string>(
  registers: Registry[],
  { name, help, label, values }: CounterOptions<Value>,
): (value: Value) => void {
  const counter = new Counter({ name, help, labelNames: [label], registers });
  for (const value of values) counter.inc({ [label]: value }, 0);
  return (value) => counter.inc({ [label]: value });
}

function watchPool(registers: Registry[], read: () => PoolState): void {
  new Gauge({
    name: 'latchkey_database_pool_connections',
    help: 'Database connections by state',
    labelNames: ['state'],
    registers,
    collect() {
      const { used, idle, connecting } = read();
      this.set({ state: 'used' }, used);
      this.set({ state: 'idle' }, idle);
      this.set({ state: 'connecting' }, connecting);
    },
  });
  new Gauge({
    name: 'latchkey_database_pool_waiting',
    help: 'Queries waiting for a connection',
    registers,
    collect() {
      this.set(read().waiting);
    },
  });
  new Gauge({
    name: 'latchkey_database_pool_max',
    help: 'Maximum number of open connections',
    registers,
    collect() {
      this.set(read().max);
    },
  });
}
