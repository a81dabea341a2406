/** Alerts and dashboard against the metrics of a real server, as one process and with workers. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { testEnvironment } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { makeFragilePostgres, type FragilePostgres } from '../support/fragile-postgres.ts';
import { newPerson, registration } from '../support/people.ts';
import { freePort } from '../support/ports.ts';
import { startServer, type RunningServer } from '../support/process.ts';
import { groupingLabelsOf, parseSeries, selectorsOf } from '../support/promql.ts';
import { hasPromtool, testAlerts, type AlertCase } from '../support/promtool.ts';
import { listeningWorkers } from '../support/workers.ts';
import { scrape } from '../support/scrape.ts';
import { incidents, type Incident } from './incidents.ts';

const directory = path.resolve('docker', 'kubernetes', 'monitoring');
const rules = path.join(directory, 'alerts.yml');
const { groups } = parse(await readFile(rules, 'utf8')) as { groups: { rules: { alert: string; expr: string }[] }[] };
const alerts = groups.flatMap((group) => group.rules);
const { panels } = JSON.parse(await readFile(path.join(directory, 'dashboard.json'), 'utf8')) as {
  panels: { title: string; targets?: { expr: string }[] }[];
};
const expressions = [
  ...alerts.map(({ alert, expr }) => ({ title: alert, expr })),
  ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr }))),
];

/** The labels that Prometheus adds to each series: in the stack, by the chart's ServiceMonitor, and by its pod annotations. */
const targets: Record<string, Record<string, string>> = {
  'the stack': { job: 'latchkey', instance: '10.0.0.5:9000' },
  'a ServiceMonitor': {
    job: 'accounts-latchkey',
    instance: '10.0.0.5:9000',
    namespace: 'accounts',
    pod: 'accounts-latchkey-0',
    service: 'accounts-latchkey',
  },
  "the pods' annotations": { job: 'kubernetes-pods', instance: '10.0.0.5:9000', namespace: 'accounts' },
};
const targetLabels = ['job', 'instance', 'namespace'];
const alerted = new Set(alerts.flatMap(({ expr }) => selectorsOf(expr).map(({ metric }) => metric)));

it('every alert has an incident that makes it fire', () => {
  expect(Object.values(incidents).flatMap(({ firing }) => firing)).to.include.members(alerts.map(({ alert }) => alert));
});

for (const [mode, workers] of Object.entries({ 'one process': '1', workers: '2' })) {
  describe(`metrics of ${mode}`, function () {
    let postgres: FragilePostgres;
    let server: RunningServer;
    let operators: string;
    let healthy: Map<string, number>;

    before('scrape a server that has had traffic', async () => {
      postgres = await makeFragilePostgres();
      await postgres.start();
      const port = await freePort();
      operators = `http://127.0.0.1:${port}`;
      server = await startServer({
        ...testEnvironment(postgres.url),
        LOG_LEVEL: 'info',
        WORKERS: workers,
        ADMIN_PORT: String(port),
      });
      await makeTraffic(server.origin);
      // On a busy machine the first check of readiness may outlast its scrape, which then says what it knows: not ready.
      healthy = await eventually('it is ready', async () => {
        const values = await scrape(operators);
        return values.get('latchkey_ready') === 1 && values;
      });
    });
    after(async () => {
      await server.stop();
      await postgres.remove();
    });

    const withTarget = (values: Map<string, number>, target: Record<string, string>) =>
      [...values].map(([series, value]) => {
        const { metric, labels } = parseSeries(series);
        return { metric, labels: { ...target, ...labels }, value };
      });

    it('include each metric, label and value that alerts and dashboard query', () => {
      const scraped = withTarget(healthy, targets['a ServiceMonitor']!);
      scraped.push({ metric: 'up', labels: targets['a ServiceMonitor']!, value: 1 });
      for (const { title, expr } of expressions) {
        const selectors = selectorsOf(expr);
        expect(selectors, title).not.to.be.empty;
        const known = new Set(targetLabels);
        for (const { metric, matchers } of selectors) {
          const series = scraped.filter((each) => each.metric === metric);
          expect(series, `${title}: ${metric}`).not.to.be.empty;
          for (const label of Object.keys(series[0]!.labels)) known.add(label);
          for (const { label, operator, value } of matchers) {
            const values = series.map(({ labels }) => labels[label]);
            expect(values, `${title}: ${label} of ${metric}`).not.to.include(undefined);
            // A status class appears only with its first response.
            if (operator === '=' && label !== 'status_class') expect(values, title).to.include(value);
          }
        }
        expect([...known], title).to.include.members(groupingLabelsOf(expr));
      }
    });

    // Where they are scraped makes no difference to how many processes there are, so each is seen once.
    const [stack, ...inKubernetes] = Object.entries(targets);
    for (const [where, target] of workers === '1' ? [stack!] : inKubernetes) {
      it(`fire exactly the expected alerts in each incident, as scraped by ${where}`, async function () {
        if (!(await hasPromtool())) return skipWithoutPromtool(this);
        const cases = Object.entries(incidents).map(([name, incident]) => caseOf(name, incident, healthy, target));
        expect(await testAlerts(rules, cases)).to.equal('');
      });
    }

    if (workers !== '1')
      it('count a worker that died, which is not a restart of the server', async () => {
        const [victim] = await listeningWorkers(server, 2);
        process.kill(victim!, 'SIGKILL');

        const replaced = await eventually('another worker took its place', async () => {
          const values = await scrape(operators);
          return values.get('latchkey_worker_deaths_total') === 1 && values.get('latchkey_workers') === 2 && values;
        });

        const start = 'process_start_time_seconds';
        expect(replaced.get(start)).to.equal(healthy.get(start));
      });

    for (const [what, happen] of Object.entries({
      hangs: () => postgres.freeze(),
      'is down': () => postgres.kill(),
    })) {
      it(`report not ready while the database ${what}, even without traffic, and page until it is back`, async function () {
        await happen();
        const notReady = await eventually('it is not ready', async () => {
          const values = await scrape(operators);
          return values.get('latchkey_ready') === 0 && values;
        });
        expect((await fetch(`${operators}/ready`)).status).to.equal(503);
        if (!(await hasPromtool())) return skipWithoutPromtool(this);
        const firing = ['LatchkeyNotReady', 'LatchkeyReplicaNotReady'];
        const incident = { at: '120m', firing };
        const outage = caseOf(`the database ${what}`, incident, notReady, targets['the stack']!);
        expect(await testAlerts(rules, [outage])).to.equal('');
      });

      afterEach('bring the database back', async () => {
        await postgres.thaw().catch(() => {});
        await postgres.start();
        await eventually('it is ready', async () => (await scrape(operators)).get('latchkey_ready') === 1);
      });
    }
  });
}

async function makeTraffic(origin: string): Promise<void> {
  const post = async (operation: string, body: object) =>
    fetch(`${origin}/api/v1/auth/${operation}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  const ada = newPerson();
  await post('register', registration(ada));
  await post('login', { email: ada.email, password: ada.password });
  await fetch(`${origin}/api/v1/health/ready`);
}

// These depend on how busy the machine was at the scrape; an incident about them sets its own values.
const momentary = /^latchkey_(event_loop_delay_seconds|database_pool_waiting|hashing_queue_depth)\b/;

/** What alerts query of the same scrape over and over, except for what the incident changes. */
function caseOf(
  name: string,
  { series = {}, ends, at, firing }: Incident,
  scraped: Map<string, number>,
  target: Record<string, string>,
): AlertCase {
  const samples = (value: string) => (ends ? `${value}x${ends.afterMinutes * 4} stale` : `${value}x600`);
  const given = new Map<string, string>();
  const add = (key: string, values: string) => {
    const { metric, labels } = parseSeries(key);
    given.set(write(metric, { ...target, ...labels }), values);
  };
  for (const [key, value] of scraped) {
    const steady = momentary.test(key) ? 0 : value;
    if (alerted.has(parseSeries(key).metric) && Number.isFinite(value)) add(key, samples(String(steady)));
  }
  add('up', ends?.up === '0' ? `1x${ends.afterMinutes * 4} 0x600` : samples('1'));
  for (const [key, values] of Object.entries(series)) add(key, values);
  return { name, given, at, firing };
}

function write(metric: string, labels: Record<string, string>): string {
  const sorted = Object.keys(labels).sort();
  return `${metric}{${sorted.map((label) => `${label}="${labels[label]}"`).join(',')}}`;
}

function skipWithoutPromtool(test: Mocha.Context): void {
  process.stdout.write('    skipped whether alerts fire: no promtool on the PATH (Debian: apt install prometheus)\n');
  test.skip();
}
