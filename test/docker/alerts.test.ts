/** Alerts and dashboard against what a server really tells, alone and with workers. */
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
import { hasPromtool, testAlerts, type AlertStory } from '../support/promtool.ts';
import { listeningWorkers } from '../support/workers.ts';
import { scrape } from '../support/scrape.ts';
import { alertStories, type Change } from './alert-stories.ts';

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

/** What Prometheus adds to each series: of the stack, by a ServiceMonitor of the chart, by the annotations of its pods. */
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

it('each alert has a story that makes it fire', () => {
  expect(Object.values(alertStories).flatMap(({ firing }) => firing)).to.include.members(
    alerts.map(({ alert }) => alert),
  );
});

for (const [mode, workers] of Object.entries({ 'one process': '1', workers: '2' })) {
  describe(`what ${mode} told at a scrape`, function () {
    this.timeout(120_000);
    let postgres: FragilePostgres;
    let server: RunningServer;
    let operators: string;
    let healthy: Map<string, number>;

    before('use a server, and scrape it', async () => {
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
      await use(server.origin);
      healthy = await scrape(operators);
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

    it('has each metric, label and value that alerts and dashboard ask for', () => {
      const told = withTarget(healthy, targets['a ServiceMonitor']!);
      told.push({ metric: 'up', labels: targets['a ServiceMonitor']!, value: 1 });
      for (const { title, expr } of expressions) {
        const selectors = selectorsOf(expr);
        expect(selectors, title).not.to.be.empty;
        const known = new Set(targetLabels);
        for (const { metric, matchers } of selectors) {
          const series = told.filter((each) => each.metric === metric);
          expect(series, `${title}: ${metric}`).not.to.be.empty;
          for (const label of Object.keys(series[0]!.labels)) known.add(label);
          for (const { label, operator, value } of matchers) {
            const values = series.map(({ labels }) => labels[label]);
            expect(values, `${title}: ${label} of ${metric}`).not.to.include(undefined);
            // A failure's class is there from the first failure on.
            if (operator === '=' && label !== 'status_class') expect(values, title).to.include(value);
          }
        }
        expect([...known], title).to.include.members(groupingLabelsOf(expr));
      }
    });

    for (const [where, target] of Object.entries(targets)) {
      it(`fires each alert in its case, and no other, as scraped by ${where}`, async function () {
        if (!(await hasPromtool())) return skipWithoutPromtool(this);
        const stories = Object.entries(alertStories).map(([name, change]) => tell(name, change, healthy, target));
        expect(await testAlerts(rules, stories)).to.equal('');
      });
    }

    if (workers !== '1')
      it('counts a worker that died, which is no new start of the server', async () => {
        const [victim] = await listeningWorkers(server, 2);
        process.kill(victim!, 'SIGKILL');

        const told = await eventually('another took its place', async () => {
          const values = await scrape(operators);
          return values.get('latchkey_worker_deaths_total') === 1 && values.get('latchkey_workers') === 2 && values;
        });

        const start = 'process_start_time_seconds';
        expect(told.get(start)).to.equal(healthy.get(start));
      });

    for (const [what, happen] of Object.entries({
      'is frozen': () => postgres.freeze(),
      'is gone': () => postgres.kill(),
    })) {
      it(`says, without any traffic, that it is not ready while its database ${what}, which pages for as long as that lasts`, async function () {
        await happen();
        const told = await eventually('it is not ready', async () => {
          const values = await scrape(operators);
          return values.get('latchkey_ready') === 0 && values;
        });
        expect((await fetch(`${operators}/ready`)).status).to.equal(503);
        if (!(await hasPromtool())) return skipWithoutPromtool(this);
        const firing = ['LatchkeyNotReady', 'LatchkeyReplicaNotReady'];
        const story = tell(`a database ${what}`, { series: {}, at: '120m', firing }, told, targets['the stack']!);
        expect(await testAlerts(rules, [story])).to.equal('');
      });

      afterEach('the database is back', async () => {
        await postgres.thaw().catch(() => {});
        await postgres.start();
        await eventually('it is ready', async () => (await scrape(operators)).get('latchkey_ready') === 1);
      });
    }
  });
}

async function use(origin: string): Promise<void> {
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

// What a busy machine may say at the moment of the scrape: a story that is about it gives its own values.
const momentary = /^latchkey_(event_loop_delay_seconds|database_pool_waiting|hashing_queue_depth)\b/;

/** A scrape that comes again and again, but for what the change says. */
function tell(
  name: string,
  { series = {}, ends, at, firing }: Change,
  scraped: Map<string, number>,
  target: Record<string, string>,
): AlertStory {
  const samples = (value: string) => (ends ? `${value}x${ends.afterMinutes * 4} stale` : `${value}x600`);
  const given = new Map<string, string>();
  const add = (key: string, values: string) => {
    const { metric, labels } = parseSeries(key);
    given.set(write(metric, { ...target, ...labels }), values);
  };
  for (const [key, value] of scraped) {
    const steady = momentary.test(key) ? 0 : value;
    if (/^latchkey_|^process_start/.test(key) && Number.isFinite(value)) add(key, samples(String(steady)));
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
  process.stdout.write(
    '    skipped: the firing of alerts, since there is no promtool here (Debian: apt install prometheus)\n',
  );
  test.skip();
}
