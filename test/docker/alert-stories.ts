/** For each alert what makes it fire, told as changes to what a healthy server says at each scrape. */

export interface Change {
  /** Values every 15 s, in promtool's notation, by series; a label `instance` is another replica's. */
  readonly series?: Record<string, string>;
  /** Nothing but `up` comes after these many minutes; `gone` is a target that is not even there. */
  readonly ends?: { readonly afterMinutes: number; readonly up: '0' | 'gone' };
  readonly at: string;
  readonly firing: readonly string[];
}

const always = (value: number) => `${value}x600`;
const rising = (perScrape: number) => `0+${perScrape}x600`;
const other = 'instance="10.0.0.9:9000"';
const count = (operation: string, status: string) =>
  `latchkey_http_request_duration_seconds_count{operation_id="${operation}",status_class="${status}"}`;
const bucket = (operation: string, le: string) =>
  `latchkey_http_request_duration_seconds_bucket{le="${le}",operation_id="${operation}",status_class="2xx"}`;
/** A request per scrape that takes between one and two and a half seconds. */
const slow = (operation: string) => ({
  [bucket(operation, '1')]: always(0),
  [bucket(operation, '2.5')]: rising(1),
  [bucket(operation, '+Inf')]: rising(1),
});

export const alertStories: Record<string, Change> = {
  'all is well': { at: '90m', firing: [] },
  'all replicas end': {
    ends: { afterMinutes: 10, up: '0' },
    at: '90m',
    firing: ['LatchkeyGone', 'LatchkeyReplicaDown'],
  },
  'all replicas are taken away': { ends: { afterMinutes: 10, up: 'gone' }, at: '90m', firing: ['LatchkeyGone'] },
  'one of two replicas ends': {
    series: { [`up{${other}}`]: '1x20 0x600', [`latchkey_build_info{${other},version="v",node_version="n"}`]: '1x20' },
    at: '30m',
    firing: ['LatchkeyReplicaDown'],
  },
  'no replica is ready, and nobody asks for anything': {
    series: { latchkey_ready: '1x20 0x600' },
    at: '120m',
    firing: ['LatchkeyNotReady', 'LatchkeyReplicaNotReady'],
  },
  'one of two replicas is not ready': {
    series: { [`latchkey_ready{${other}}`]: always(0) },
    at: '30m',
    firing: ['LatchkeyReplicaNotReady'],
  },
  'a replica stops and starts again': { series: { latchkey_ready: '1x20 0x3 1x600' }, at: '6m', firing: [] },
  'one login a minute fails, among probes that succeed': {
    series: { [count('login', '5xx')]: rising(1), [count('getHealth', '2xx')]: rising(1000) },
    at: '30m',
    firing: ['LatchkeyErrors'],
  },
  'only probes fail': {
    series: { [count('getReadiness', '5xx')]: rising(10), [count('login', '2xx')]: rising(1) },
    at: '30m',
    firing: [],
  },
  'requests are slow': { series: slow('getUser'), at: '30m', firing: ['LatchkeySlow'] },
  'requests are slow, among probes that are fast': {
    series: {
      ...slow('getUser'),
      [bucket('getHealth', '0.001')]: rising(1000),
      [bucket('getHealth', '+Inf')]: rising(1000),
    },
    at: '30m',
    firing: ['LatchkeySlow'],
  },
  'passwords are hashed, which takes its time': { series: slow('login'), at: '30m', firing: [] },
  'somebody tries passwords': {
    series: { 'latchkey_logins_total{outcome="invalid_credentials"}': rising(30) },
    at: '40m',
    firing: ['LatchkeyPasswordGuessing'],
  },
  'many people sign in, and some mistype': {
    series: {
      'latchkey_logins_total{outcome="invalid_credentials"}': rising(30),
      'latchkey_logins_total{outcome="success"}': rising(90),
    },
    at: '40m',
    firing: [],
  },
  'refresh tokens are reused': {
    series: { 'latchkey_refreshes_total{outcome="reused"}': '0x60 20x600' },
    at: '20m',
    firing: ['LatchkeyRefreshTokensReused'],
  },
  'the hashing queue is full': {
    series: { latchkey_hashing_refused_total: rising(5) },
    at: '30m',
    firing: ['LatchkeyHashingFull'],
  },
  'the pool is used up': {
    series: { latchkey_database_pool_waiting: always(3) },
    at: '30m',
    firing: ['LatchkeyPoolExhausted'],
  },
  'the event loop is late': {
    series: { 'latchkey_event_loop_delay_seconds{quantile="0.99"}': always(0.5) },
    at: '30m',
    firing: ['LatchkeyEventLoopLate'],
  },
  'Redis is away': {
    series: { latchkey_rate_limits_degraded: always(1) },
    at: '30m',
    firing: ['LatchkeyRateLimitsDegraded'],
  },
  'a job failed for the last time': {
    series: { latchkey_jobs_dead: always(1) },
    at: '30m',
    firing: ['LatchkeyJobsDead'],
  },
  'nobody runs the jobs': {
    series: { latchkey_jobs_waiting: always(3), latchkey_jobs_oldest_age_seconds: rising(15) },
    at: '30m',
    firing: ['LatchkeyJobsStuck'],
  },
  'many jobs wait, and none for long': {
    series: { latchkey_jobs_waiting: always(3000), latchkey_jobs_oldest_age_seconds: always(300) },
    at: '30m',
    firing: [],
  },
  'the log cannot be written': {
    series: { latchkey_log_lines_lost_total: rising(1) },
    at: '30m',
    firing: ['LatchkeyLogLost'],
  },
  'workers are missing': {
    series: { latchkey_workers: always(1), latchkey_workers_configured: always(2) },
    at: '30m',
    firing: ['LatchkeyWorkersMissing'],
  },
  'workers die and are replaced': {
    series: { latchkey_worker_deaths_total: '0x20 1x20 2x20 3x20 4x20 5x600' },
    at: '29m',
    firing: ['LatchkeyWorkersDying'],
  },
  'a replica is started again and again': {
    series: { process_start_time_seconds: '1x20 2x20 3x20 4x20 5x600' },
    at: '25m',
    firing: ['LatchkeyRestarting'],
  },
  'a replica is started again once': { series: { process_start_time_seconds: '1x20 2x600' }, at: '25m', firing: [] },
  'an upgrade stopped half-way': {
    series: {
      [`latchkey_build_info{${other},version="0.0.1",node_version="n"}`]: always(1),
      [`up{${other}}`]: always(1),
    },
    at: '90m',
    firing: ['LatchkeyVersionsDiffer'],
  },
};
