/** The Helm chart passes Helm's lint, refuses values that can't work, and renders valid Kubernetes objects. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import type { Deployment } from 'kubernetes-types/apps/v1.js';
import type { HorizontalPodAutoscaler } from 'kubernetes-types/autoscaling/v2.js';
import type { ConfigMap } from 'kubernetes-types/core/v1.js';
import type { NetworkPolicy } from 'kubernetes-types/networking/v1.js';
import { parse } from 'yaml';
import { compileStrictly } from '../contract/compile.ts';
import { directory, everything, required, useChart, type Manifest } from './chart.ts';

describe('the Helm chart', function () {
  const chart = useChart();
  const { render, renderOne } = chart;

  it("passes Helm's lint, with and without values", async () => {
    const sets = required.flatMap((value) => ['--set', value]);
    for (const values of [[], sets]) {
      expect(await chart.helm('lint', '--strict', directory, ...values)).to.contain(
        '1 chart(s) linted, 0 chart(s) failed',
      );
    }
  });

  const unusable: [string, string[], RegExp][] = [
    ['a missing public URL', ['secrets.name=latchkey'], /set publicUrl/],
    ['a public URL without TLS', ['publicUrl=http://a.example', 'secrets.name=latchkey'], /publicUrl/],
    [
      'an owner without a role to serve',
      [...required, 'migration.ownerUrlKey=OWNER_URL'],
      /set both migration.ownerUrlKey and migration.runtimeRole/,
    ],
    ['a missing secret', ['publicUrl=https://a.example'], /set secrets.name/],
    ['an ingress without a certificate', [...required, 'ingress.enabled=true', 'ingress.host=a.example'], /tlsSecret/],
    ['an unknown value', [...required, 'replicaCount=3'], /replicaCount/],
    [
      'another PORT, which the probes would miss',
      [...required, 'config.PORT=8080'],
      /config\.PORT is set by the chart/,
    ],
    ['another port for operators', [...required, 'config.ADMIN_PORT=9100'], /config\.ADMIN_PORT is set by the chart/],
    ['another address to listen on', [...required, 'config.HOST=127.0.0.1'], /config\.HOST is set by the chart/],
    ['a public URL set twice', [...required, 'config.PUBLIC_URL=https://b.example'], /set publicUrl/],
    ['a grace period set twice', [...required, 'config.SHUTDOWN_GRACE_SECONDS=5'], /set shutdownGraceSeconds/],
    ["a variable that isn't in capitals", [...required, 'config.trustProxy=1'], /trustProxy/],
    [
      "a Secret key that the server can't read from a file",
      [...required, 'secrets.keys[3]=PUBLIC_URL'],
      /secrets.keys.3|keys/,
    ],
    [
      'a maximum of pods below the minimum',
      [...required, 'autoscaling.minReplicas=7'],
      /minReplicas \(7\) is above .*\(6\)/,
    ],
    [
      'a certificate authority in two places',
      [...required, 'certificateAuthority.secret=a', 'certificateAuthority.configMap=b'],
      /not both/,
    ],
    ...[
      'DATABASE_URL',
      'JWT_SECRETS',
      'JWT_SIGNING_KEYS',
      'FACTOR_KEYS',
      'REDIS_URL',
      'SMTP_URL',
      'ADMIN_PASSWORD',
      'SENTRY_DSN',
      'OTEL_EXPORTER_OTLP_HEADERS',
    ].flatMap((name): [string, string[], RegExp][] =>
      [name, `${name}_FILE`].map((variable) => [
        `${variable} in plain text`,
        [...required, `config.${variable}=secret`],
        new RegExp(`config\\.${variable} would be visible .* secrets\\.keys`),
      ]),
    ),
  ];
  for (const [what, values, reason] of unusable) {
    it(`refuses ${what}`, async () => {
      const error = await render(values).then(
        () => undefined,
        (refusal: unknown) => refusal as Error,
      );
      expect(error?.message).to.match(reason);
    });
  }

  for (const [what, values] of Object.entries({
    'only the required values': required,
    'everything switched on': everything,
  })) {
    it(`renders objects that fit Kubernetes' types, with ${what}`, async () => {
      const manifests = (await render(values)).filter(
        ({ apiVersion }) => !apiVersion.startsWith('monitoring.coreos.com/'),
      );
      const file = path.resolve('coverage', `chart-${process.pid}.ts`);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, manifests.map(asTypeScript).join('\n'));
      try {
        expect(compileStrictly([file])).to.equal('');
      } finally {
        await rm(file);
      }
    });
  }

  it('renders every kind of object that an operator expects', async () => {
    const kinds = (await render(everything)).map(({ kind }) => kind);
    expect(kinds).to.have.members([
      'ConfigMap',
      'Deployment',
      'HorizontalPodAutoscaler',
      'Ingress',
      'Job',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'PrometheusRule',
      'Service',
      'ServiceAccount',
      'ServiceMonitor',
    ]);
  });

  it('accepts the secrets that README.md says can come from files', async () => {
    const { properties } = JSON.parse(await readFile(path.join(directory, 'values.schema.json'), 'utf8')) as {
      properties: { secrets: { properties: { keys: { items: { enum: string[] } } } } };
    };
    const [, sentence = ''] =
      /^`NAME_FILE` names a file .+?, for (.+)\.$/m.exec(await readFile('README.md', 'utf8')) ?? [];
    const documented = [...sentence.matchAll(/`(\w+)`/g)].map(([, name]) => name);
    expect(properties.secrets.properties.keys.items.enum).to.have.members(documented);
  });

  it('leaves the number of pods to the autoscaler, or sets it if there is none', async () => {
    expect((await renderOne<Deployment>('Deployment')).spec).not.to.have.property('replicas');
    const scaler = await renderOne<HorizontalPodAutoscaler>('HorizontalPodAutoscaler');
    expect(scaler.spec?.scaleTargetRef.name).to.equal('accounts-latchkey');
    const values = [...required, 'autoscaling.enabled=false', 'replicas=3'];
    expect((await renderOne<Deployment>('Deployment', values)).spec?.replicas).to.equal(3);
    expect(await renderOne('HorizontalPodAutoscaler', values)).to.equal(undefined);
  });

  it('lets the ingress reach only the API, and monitoring only the metrics', async () => {
    const { spec } = await renderOne<NetworkPolicy>('NetworkPolicy');
    expect(spec?.policyTypes).to.deep.equal(['Ingress', 'Egress']);
    expect(spec?.ingress?.map(({ ports }) => ports?.map(({ port }) => port))).to.deep.equal([['http'], ['operator']]);
  });

  it("includes the stack's alerts and dashboard only when asked to", async () => {
    const rule = await renderOne<{ metadata: { labels: object }; spec: object }>('PrometheusRule', everything);
    expect(rule.spec).to.deep.equal(parse(await readFile(path.join(directory, 'monitoring', 'alerts.yml'), 'utf8')));
    expect(rule.metadata.labels).to.include({ release: 'monitoring' });
    const { data, metadata } = await renderOne<ConfigMap>('ConfigMap', everything);
    expect(data?.['latchkey.json']).to.equal(
      await readFile(path.join(directory, 'monitoring', 'dashboard.json'), 'utf8'),
    );
    expect(metadata?.labels).to.include({ grafana_dashboard: '1' });
    const kinds = (await render(required)).map(({ kind }) => kind);
    expect(kinds).not.to.include.members(['PrometheusRule']).and.not.to.include.members(['ConfigMap']);
  });
});

/** A literal of the manifest's type: the compiler rejects unknown and missing fields. */
function asTypeScript({ apiVersion, kind, ...rest }: Manifest, index: number): string {
  const module = apiVersion === 'v1' ? 'core/v1' : apiVersion.replace('.k8s.io', '');
  const literal = JSON.stringify({ apiVersion, kind, ...rest }, undefined, 2);
  return `export const m${index}: import('kubernetes-types/${module}').${kind} = ${literal};`;
}
