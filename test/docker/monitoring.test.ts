/** What alerts and dashboard say and show; alerts.test.ts runs their queries. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { operations } from '../../generated/operations.ts';
import { groupingLabelsOf, selectorsOf } from '../support/promql.ts';

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}

interface Dashboard {
  readonly templating: { readonly list: readonly object[] };
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
const alerts = (
  parse(await read('docker', 'kubernetes', 'monitoring', 'alerts.yml')) as { groups: { rules: Alert[] }[] }
).groups.flatMap(({ rules }) => rules);
const dashboard = JSON.parse(await read('docker', 'kubernetes', 'monitoring', 'dashboard.json')) as Dashboard;
const queries = dashboard.panels.flatMap(({ title, targets }) => (targets ?? []).map(({ expr }) => ({ title, expr })));

describe('monitoring', () => {
  it('no query counts probes as requests or names an unknown operation', () => {
    const named = [...alerts.map(({ alert, expr }) => ({ title: alert, expr })), ...queries];
    const probes = ['getHealth', 'getReadiness'];
    for (const { title, expr } of named) {
      for (const { metric, matchers } of selectorsOf(expr)) {
        const chosen = matchers.find(({ label }) => label === 'operation_id');
        const ids = chosen?.value.split('|').filter((id) => id !== 'none') ?? [];
        expect(Object.keys(operations), title).to.include.members(ids);
        const isRequestQuery =
          /latchkey_http_request_duration_seconds_(count|bucket)/.test(metric) && /\/|quantile/.test(expr);
        if (!isRequestQuery || groupingLabelsOf(expr).includes('operation_id')) continue;
        expect(chosen?.operator, title).to.equal('!~');
        expect(ids, title).to.include.members(probes);
      }
    }
  });

  it("the stack uses the chart's own alerts and dashboard", async () => {
    const { services } = parse(await read('docker', 'compose.yaml'), { merge: true }) as {
      services: Record<string, { volumes?: string[] }>;
    };
    expect(services['prometheus']?.volumes).to.include(
      './kubernetes/monitoring/alerts.yml:/etc/prometheus/alerts.yml:ro',
    );
    expect(services['grafana']?.volumes).to.include(
      './kubernetes/monitoring/dashboard.json:/etc/grafana/dashboards/latchkey.json:ro',
    );
  });

  it('each alert has a severity, a summary and a description', () => {
    expect(new Set(alerts.map(({ alert }) => alert)).size).to.equal(alerts.length);
    for (const { labels, annotations } of alerts) {
      expect(labels.severity).to.be.oneOf(['page', 'warning']);
      expect(annotations.summary).to.match(/\w/);
      expect(annotations.description).to.match(/\w.*\.$/);
    }
  });

  it('the dashboard shows requests, latency, errors, logins, refreshes, hashing, pool and event loop', () => {
    const shown = queries.flatMap(({ expr }) =>
      selectorsOf(expr).map(({ metric }) => metric.replace(/_(bucket|count)$/, '')),
    );
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
      'latchkey_ready',
    ]);
    expect(queries.some(({ expr }) => expr.includes('status_class="5xx"'))).to.equal(true);
  });

  it("the dashboard queries the Prometheus chosen in Grafana, and its panels don't overlap", () => {
    expect(dashboard.templating.list).to.deep.include({
      name: 'datasource',
      label: 'Prometheus',
      type: 'datasource',
      query: 'prometheus',
    });
    const panels = dashboard.panels.filter(({ type }) => type !== 'row');
    const sources = panels.flatMap(({ datasource, targets }) => [
      datasource,
      ...(targets ?? []).map((one) => one.datasource),
    ]);
    for (const source of sources) expect(source).to.deep.equal({ type: 'prometheus', uid: '${datasource}' });
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).to.equal(dashboard.panels.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).to.equal(cells.length);
  });
});
