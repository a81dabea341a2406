import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { LoginOutcome } from '../../features/sign-in/sign-in.service.ts';
import type { PoolState } from '../database/database.ts';
import type { RefreshOutcome } from '../../features/sessions/sessions.service.ts';
import { watchProcess } from './process-metrics.ts';
import { watchReadiness } from './readiness.ts';

/** How many passwords wait to be hashed, and how many are being hashed. */
export interface HashingState {
  readonly depth: number;
  readonly running: number;
}

/** The values of one process at one moment, fit to be sent to another. */
export type Snapshot = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

export type Metrics = ReturnType<typeof createMetrics>;

/** By the first digit of the status; none was sent to a client that left. */
const statusClasses = ['aborted', '1xx', '2xx', '3xx', '4xx', '5xx'];
const loginOutcomes: readonly LoginOutcome[] = [
  'success',
  'invalid_credentials',
  'account_disabled',
  'rate_limited',
  'failed',
];
const refreshOutcomes: readonly RefreshOutcome[] = ['rotated', 'reused', 'expired', 'invalid', 'failed'];
const requestBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const hashingBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Makes the metrics of one process. */
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
  const hashing = new Histogram({
    name: 'latchkey_hashing_duration_seconds',
    help: 'How long a password hash takes, without its wait',
    buckets: hashingBuckets,
    registers,
  });
  const refused = new Counter({
    name: 'latchkey_hashing_refused_total',
    help: 'Passwords that were refused since the queue was full',
    registers,
  });
  const logins = counterOf<LoginOutcome>(registers, {
    name: 'latchkey_logins_total',
    help: 'Logins by outcome',
    label: 'outcome',
    values: loginOutcomes,
  });
  const refreshes = counterOf<RefreshOutcome>(registers, {
    name: 'latchkey_refreshes_total',
    help: 'Exchanges of refresh tokens by outcome',
    label: 'outcome',
    values: refreshOutcomes,
  });
  const limits = counterOf<string>(registers, {
    name: 'latchkey_rate_limited_total',
    help: 'Requests that a rate limit refused, by policy',
    label: 'policy',
    values: ['standard', 'credentials', 'account'],
  });
  let degraded = false;
  let serves = true;
  let configured = 1;
  let linesLost = () => 0;
  let hashingState = (): HashingState => ({ depth: 0, running: 0 });
  gauge('latchkey_hashing_queue_depth', 'Passwords that wait to be hashed', () => hashingState().depth);
  gauge('latchkey_hashing_running', 'Passwords that are being hashed', () => hashingState().running);
  gauge('latchkey_rate_limits_degraded', '1 while limits are not counted where all are', () => Number(degraded), 'max');
  gauge('latchkey_workers', 'Processes that serve', () => Number(serves));
  gauge('latchkey_workers_configured', 'Processes that should serve', () => configured, 'max');
  const deaths = new Counter({
    name: 'latchkey_worker_deaths_total',
    help: 'Workers that ended without being told to',
    registers,
  });
  new Counter({
    name: 'latchkey_log_lines_lost_total',
    help: 'Lines of the log that could not be written',
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
    loginEnded: (outcome: LoginOutcome) => logins(outcome),
    refreshEnded: (outcome: RefreshOutcome) => refreshes(outcome),
    /** `seconds` is the time of one hash, without its wait. */
    hashed: (seconds: number) => hashing.observe(seconds),
    hashingRefused: () => refused.inc(),
    limitHit: (policy: string) => limits(policy),
    /** Says whether each process counts by itself, since the shared store is away. */
    limitsDegraded(now: boolean) {
      degraded = now;
    },
    /** Says that this process answers no requests itself, but leads so many workers that do. */
    lead(workers: number) {
      serves = false;
      configured = workers;
    },
    workerDied: () => deaths.inc(),
    // What is read at a scrape costs nothing between two of them.
    watchHashing(read: () => HashingState) {
      hashingState = read;
    },
    watchPool: (read: () => PoolState) => watchPool(registers, read),
    watchLog(read: () => number) {
      linesLost = read;
    },
    watchReadiness: (check: () => Promise<void>) => watchReadiness(registers, check),
    /** Adds what is to know of the process itself; the returned function ends its watching of the event loop. */
    watchProcess: () => watchProcess(registry),
    snapshot: (): Promise<Snapshot> => registry.getMetricsAsJSON(),
  };
}

function countRequests(registers: Registry[]) {
  const durations = new Histogram({
    name: 'latchkey_http_request_duration_seconds',
    help: 'How long requests took, by operation of the contract and class of status',
    labelNames: ['operation_id', 'status_class'],
    buckets: requestBuckets,
    registers,
  });
  let inFlight = 0;
  new Gauge({
    name: 'latchkey_http_requests_in_flight',
    help: 'Requests that are being answered',
    registers,
    collect() {
      this.set(inFlight);
    },
  });
  // Labels are resolved once for each operation and class, not for each request.
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
    /** `status` is 0 when the client left before its answer was sent. */
    requestEnded(operationId: string | undefined, status: number, seconds: number) {
      inFlight -= 1;
      childOf(operationId ?? 'none', status).observe(seconds);
    },
  };
}

/** A counter with one label, whose values start at zero, so that the first event shows as an increase. */
function counterOf<Value extends string>(
  registers: Registry[],
  { name, help, label, values }: { name: string; help: string; label: string; values: readonly Value[] },
): (value: Value) => void {
  const counter = new Counter({ name, help, labelNames: [label], registers });
  for (const value of values) counter.inc({ [label]: value }, 0);
  return (value) => counter.inc({ [label]: value });
}

function watchPool(registers: Registry[], read: () => PoolState): void {
  new Gauge({
    name: 'latchkey_database_pool_connections',
    help: 'Connections to the database by state',
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
    help: 'Queries that wait for a connection',
    registers,
    collect() {
      this.set(read().waiting);
    },
  });
  new Gauge({
    name: 'latchkey_database_pool_max',
    help: 'How many connections may be open',
    registers,
    collect() {
      this.set(read().max);
    },
  });
}
