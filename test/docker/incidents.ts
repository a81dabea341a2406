/** What makes each alert fire, as changes to the metrics of a healthy server. */

export interface Incident {
  /** Values every 15 s in promtool's notation, by series. A label `instance` means another replica. */
  readonly series?: Record<string, string>;
  /** After so many minutes only `up` is left, or nothing if the target is `gone`. */
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
const jobs = (what: string, name: string) => `latchkey_jobs_${what}{name="${name}"}`;
/** One request per scrape, which takes between 1 and 2.5 seconds. */
const slow = (operation: string) => ({
  [bucket(operation, '1')]: always(0),
  [bucket(operation, '2.5')]: rising(1),
  [bucket(operation, '+Inf')]: rising(1),
});

export const incidents: Record<string, Incident> = {
  'everything is healthy': { at: '90m', firing: [] },
  'all replicas are down': {
    ends: { afterMinutes: 10, up: '0' },
    at: '90m',
    firing: ['LatchkeyGone', 'LatchkeyReplicaDown'],
  },
  'all replicas are removed': { ends: { afterMinutes: 10, up: 'gone' }, at: '90m', firing: ['LatchkeyGone'] },
  'one of two replicas is down': {
    series: { [`up{${other}}`]: '1x20 0x600', [`latchkey_build_info{${other},version="v",node_version="n"}`]: '1x20' },
    at: '30m',
    firing: ['LatchkeyReplicaDown'],
  },
  'no replica is ready, and there is no traffic': {
    series: { latchkey_ready: '1x20 0x600' },
    at: '120m',
    firing: ['LatchkeyNotReady', 'LatchkeyReplicaNotReady'],
  },
  'one of two replicas is not ready': {
    series: { [`latchkey_ready{${other}}`]: always(0) },
    at: '30m',
    firing: ['LatchkeyReplicaNotReady'],
  },
  'a replica restarts': { series: { latchkey_ready: '1x20 0x3 1x600' }, at: '6m', firing: [] },
  'one login a minute fails while probes succeed': {
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
  'requests are slow while probes are fast': {
    series: {
      ...slow('getUser'),
      [bucket('getHealth', '0.001')]: rising(1000),
      [bucket('getHealth', '+Inf')]: rising(1000),
    },
    at: '30m',
    firing: ['LatchkeySlow'],
  },
  'only password hashing is slow': { series: slow('login'), at: '30m', firing: [] },
  'somebody guesses passwords': {
    series: { 'latchkey_logins_total{outcome="invalid_credentials"}': rising(30) },
    at: '40m',
    firing: ['LatchkeyPasswordGuessing'],
  },
  'guesses are slowed down, so that few passwords are checked': {
    series: {
      'latchkey_logins_total{outcome="invalid_credentials"}': rising(1),
      'latchkey_logins_total{outcome="rate_limited"}': rising(30),
    },
    at: '40m',
    firing: ['LatchkeyPasswordGuessing'],
  },
  'many people sign in, and some mistype their password': {
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
  'the connection pool is exhausted': {
    series: { latchkey_database_pool_waiting: always(3) },
    at: '30m',
    firing: ['LatchkeyPoolExhausted'],
  },
  'the event loop is delayed': {
    series: { 'latchkey_event_loop_delay_seconds{quantile="0.99"}': always(0.5) },
    at: '30m',
    firing: ['LatchkeyEventLoopLate'],
  },
  'Redis is down': {
    series: { latchkey_rate_limits_degraded: always(1) },
    at: '30m',
    firing: ['LatchkeyRateLimitsDegraded'],
  },
  'a job failed its last attempt': {
    series: { [jobs('dead', 'expire_sessions')]: always(1), [jobs('dead', 'send_notice')]: always(2) },
    at: '30m',
    firing: ['LatchkeyJobsDead'],
  },
  'no worker runs the jobs': {
    series: {
      [jobs('waiting', 'expire_sessions')]: always(3),
      [jobs('oldest_age_seconds', 'expire_sessions')]: rising(15),
    },
    at: '30m',
    firing: ['LatchkeyJobsStuck'],
  },
  'many jobs wait, but none for long': {
    series: {
      [jobs('waiting', 'send_notice')]: always(3000),
      [jobs('oldest_age_seconds', 'send_notice')]: always(300),
    },
    at: '30m',
    firing: [],
  },
  'the mail server takes no mail': {
    series: {
      [jobs('retrying', 'send_notice')]: always(40),
      [jobs('retrying_age_seconds', 'send_notice')]: rising(15),
    },
    at: '60m',
    firing: ['LatchkeyMailFailing'],
  },
  'a mail is taken at a later attempt': {
    series: { [jobs('retrying_age_seconds', 'send_notice')]: '0+15x100 0x600' },
    at: '60m',
    firing: [],
  },
  'a job that sends no mail keeps failing': {
    series: { [jobs('retrying_age_seconds', 'expire_sessions')]: rising(15) },
    at: '60m',
    firing: [],
  },
  "the log can't be written": {
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
  'a replica restarts again and again': {
    series: { process_start_time_seconds: '1x20 2x20 3x20 4x20 5x600' },
    at: '25m',
    firing: ['LatchkeyRestarting'],
  },
  'a replica restarts once': { series: { process_start_time_seconds: '1x20 2x600' }, at: '25m', firing: [] },
  'an upgrade stopped halfway': {
    series: {
      [`latchkey_build_info{${other},version="0.0.1",node_version="n"}`]: always(1),
      [`up{${other}}`]: always(1),
    },
    at: '90m',
    firing: ['LatchkeyVersionsDiffer'],
  },
};
