/** Alerts and dashboard: they ask for metrics that the server has, and show what an operator looks for. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { operations } from '../../generated/operations.ts';

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}

interface Dashboard {
  readonly uid: string;
  readonly panels: readonly {
    readonly id: number;
    readonly type: string;
    readonly title: string;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly datasource?: { readonly uid: string };
    readonly targets?: readonly { readonly refId: string; readonly expr: string; readonly datasource: unknown }[];
  }[];
}

const read = (...names: string[]) => readFile(path.resolve(...names), 'utf8');
const metrics = [...(await read('README.md')).matchAll(/^\| `(latchkey_\w+)(?:\{([\w,]+)\})?` /gm)].map(
  ([, name = '', labels = '']) => ({ name, labels: labels.split(',').filter(Boolean) }),
);
const alerts = (
  parse(await read('docker', 'prometheus', 'alerts.yml')) as { groups: { rules: Alert[] }[] }
).groups.flatMap(({ rules }) => rules);
const dashboard = JSON.parse(await read('docker', 'grafana', 'dashboards', 'latchkey.json')) as Dashboard;
const queries = dashboard.panels.flatMap(({ title, targets }) => (targets ?? []).map(({ expr }) => ({ title, expr })));

/** The metrics that an expression asks for, by the names of the table. */
function metricsOf(expression: string): string[] {
  return [...expression.matchAll(/latchkey_\w+/g)].map(([name]) => name.replace(/_(bucket|count|sum)$/, ''));
}

/** The labels that an expression selects or groups by. */
function labelsOf(expression: string): string[] {
  const selected = [...expression.matchAll(/([a-z_]+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label = '']) => label);
  const grouped = [...expression.matchAll(/by \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(/, */));
  return [...selected, ...grouped];
}

describe('what is watched', () => {
  const common = ['job', 'instance', 'le'];

  const asked: Record<string, { title: string; expr: string }[]> = {
    alerts: alerts.map(({ alert, expr }) => ({ title: alert, expr })),
    dashboard: queries,
  };
  for (const [where, expressions] of Object.entries(asked)) {
    it(`the ${where}: each asks for metrics, labels and operations that the server has`, () => {
      expect(expressions).not.to.be.empty;
      for (const { title, expr } of expressions) {
        const names = metricsOf(expr);
        expect(
          metrics.map(({ name }) => name),
          title,
        ).to.include.members(names);
        const known = metrics.filter(({ name }) => names.includes(name)).flatMap(({ labels }) => labels);
        expect([...common, ...known], title).to.include.members(labelsOf(expr));
        const [, operationIds = ''] = /operation_id[!=~]+"([\w|]+)"/.exec(expr) ?? [];
        expect(Object.keys(operations), title).to.include.members(operationIds.split('|').filter(Boolean));
      }
    });
  }

  it('each alert says how bad it is, what happens and what to look at', () => {
    expect(new Set(alerts.map(({ alert }) => alert)).size).to.equal(alerts.length);
    for (const { labels, annotations } of alerts) {
      expect(labels.severity).to.be.oneOf(['page', 'warning']);
      expect(annotations.summary).to.match(/\w/);
      expect(annotations.description).to.match(/\w.*\.$/);
    }
  });

  it('the dashboard shows requests, latency, errors, logins, refreshes, hashing, pool and event loop', () => {
    const shown = queries.flatMap(({ expr }) => metricsOf(expr));
    expect(shown).to.include.members([
      'latchkey_http_request_duration_seconds',
      'latchkey_http_requests_in_flight',
      'latchkey_logins_total',
      'latchkey_refreshes_total',
      'latchkey_hashing_queue_depth',
      'latchkey_hashing_duration_seconds',
      'latchkey_hashing_refused_total',
      'latchkey_database_pool_connections',
      'latchkey_database_pool_waiting',
      'latchkey_event_loop_delay_seconds',
      'latchkey_rate_limited_total',
      'latchkey_workers',
    ]);
    expect(queries.some(({ expr }) => expr.includes('status_class="5xx"'))).to.equal(true);
  });

  it('the dashboard asks the data source that is provisioned, and its panels do not overlap', async () => {
    const { datasources } = parse(
      await read('docker', 'grafana', 'provisioning', 'datasources', 'prometheus.yaml'),
    ) as { datasources: { uid: string }[] };
    const panels = dashboard.panels.filter(({ type }) => type !== 'row');
    expect(new Set(panels.map(({ datasource }) => datasource?.uid))).to.deep.equal(new Set([datasources[0]?.uid]));
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).to.equal(dashboard.panels.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).to.equal(cells.length);
  });
});
