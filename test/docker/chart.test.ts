/** The Helm chart: it passes Helm's lint, and what it renders is what Kubernetes knows and its strictest pod standard allows. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import type { Deployment } from 'kubernetes-types/apps/v1.js';
import type { HorizontalPodAutoscaler } from 'kubernetes-types/autoscaling/v2.js';
import type { Job } from 'kubernetes-types/batch/v1.js';
import type { ConfigMap, Service } from 'kubernetes-types/core/v1.js';
import type { NetworkPolicy } from 'kubernetes-types/networking/v1.js';
import { parse, parseAllDocuments } from 'yaml';
import { compileStrictly } from '../contract/compile.ts';
import { findHelm, helm } from '../support/helm.ts';

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Record<string, string> };
}

const chart = path.resolve('docker', 'kubernetes');
const required = ['publicUrl=https://accounts.example.com', 'secrets.name=latchkey'];
const everything = [
  ...required,
  'ingress.enabled=true',
  'ingress.className=nginx',
  'ingress.host=accounts.example.com',
  'ingress.tlsSecret=accounts-tls',
  'ingress.annotations.a=b',
  'service.annotations.a=b',
  'podAnnotations.a=b',
  'nodeSelector.disk=fast',
  'tolerations[0].key=dedicated',
  'tolerations[0].operator=Exists',
  'affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight=1',
  'affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchFields[0].key=metadata.name',
  'affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchFields[0].operator=Exists',
  'image.pullSecrets[0].name=registry',
  'certificateAuthority.configMap=authorities',
  'extraVolumes[0].name=more',
  'extraVolumes[0].emptyDir.medium=Memory',
  'extraVolumeMounts[0].name=more',
  'extraVolumeMounts[0].mountPath=/more',
  'metrics.serviceMonitor.enabled=true',
  'metrics.prometheusRule.enabled=true',
  'metrics.prometheusRule.labels.release=monitoring',
  'metrics.dashboard.enabled=true',
  'metrics.dashboard.annotations.grafana_folder=Accounts',
];

describe('the Helm chart', function () {
  this.timeout(60_000);
  let program = '';

  before(async function () {
    const found = await findHelm();
    if (found === undefined) {
      process.stdout.write('skipped: the Helm chart, since there is no helm here; install it and run again\n');
      this.skip();
    }
    program = found;
  });

  const render = async (values: string[]): Promise<Manifest[]> => {
    const sets = values.flatMap((value) => ['--set', value]);
    const text = await helm(program, 'template', 'accounts', chart, '--kube-version', '1.34.0', ...sets);
    return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
  };
  const renderOne = async <Kind>(kind: string, values: string[] = required): Promise<Kind> =>
    (await render(values)).find((manifest) => manifest.kind === kind) as Kind;

  it('passes the lint, with and without values', async () => {
    const sets = required.flatMap((value) => ['--set', value]);
    for (const values of [[], sets]) {
      expect(await helm(program, 'lint', '--strict', chart, ...values)).to.contain(
        '1 chart(s) linted, 0 chart(s) failed',
      );
    }
  });

  const unusable: [string, string[], RegExp][] = [
    ['no public address', ['secrets.name=latchkey'], /set publicUrl/],
    ['a public address without TLS', ['publicUrl=http://a.example', 'secrets.name=latchkey'], /publicUrl/],
    ['no secret', ['publicUrl=https://a.example'], /set secrets.name/],
    ['an ingress without a certificate', [...required, 'ingress.enabled=true', 'ingress.host=a.example'], /tlsSecret/],
    ['a value that it does not know', [...required, 'replicaCount=3'], /replicaCount/],
    [
      'a port, which would move and its probes not',
      [...required, 'config.PORT=8080'],
      /config\.PORT is the chart's own/,
    ],
    ['a port for operators', [...required, 'config.ADMIN_PORT=9100'], /config\.ADMIN_PORT is the chart's own/],
    ['an address to listen on', [...required, 'config.HOST=127.0.0.1'], /config\.HOST is the chart's own/],
    ['the public address twice', [...required, 'config.PUBLIC_URL=https://b.example'], /set publicUrl/],
    ['the grace twice', [...required, 'config.SHUTDOWN_GRACE_SECONDS=5'], /set shutdownGraceSeconds/],
    ['a variable that is none', [...required, 'config.trustProxy=1'], /trustProxy/],
    [
      'a Secret with what the server takes from no file',
      [...required, 'secrets.keys[3]=PUBLIC_URL'],
      /secrets.keys.3|keys/,
    ],
    [
      'fewer pods at most than at least',
      [...required, 'autoscaling.minReplicas=7'],
      /minReplicas \(7\) is above .*\(6\)/,
    ],
    [
      'a certificate authority in two places',
      [...required, 'certificateAuthority.secret=a', 'certificateAuthority.configMap=b'],
      /in one place/,
    ],
    ...[
      'DATABASE_URL',
      'JWT_SECRETS',
      'REDIS_URL',
      'ADMIN_PASSWORD',
      'SENTRY_DSN',
      'OTEL_EXPORTER_OTLP_HEADERS',
    ].flatMap((name): [string, string[], RegExp][] =>
      [name, `${name}_FILE`].map((variable) => [
        `${variable} in plain text`,
        [...required, `config.${variable}=secret`],
        new RegExp(`config\\.${variable} would be readable .* secrets\\.keys`),
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

  for (const [what, values] of Object.entries({ 'the least values': required, 'every part switched on': everything })) {
    it(`renders only what Kubernetes' types have, with ${what}`, async () => {
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

  it('has everything that an operator expects of it', async () => {
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

  for (const kind of ['Deployment', 'Job']) {
    it(`runs the pods of the ${kind} under the restricted standard, with no right and no writable root`, async () => {
      const { spec } = await renderOne<Deployment | Job>(kind);
      const pod = spec!.template.spec!;
      expect(pod).to.include({ automountServiceAccountToken: false });
      expect(pod.securityContext).to.deep.include({
        runAsNonRoot: true,
        runAsUser: 65532,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      const [container] = pod.containers;
      expect(container?.securityContext).to.deep.equal({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(container?.resources).to.have.all.keys('requests', 'limits');
    });
  }

  it('gives secrets as files of a Secret that it does not hold', async () => {
    const manifests = await render(required);
    expect(manifests.map(({ kind }) => kind)).not.to.include('Secret');
    const pod = (await renderOne<Deployment>('Deployment')).spec?.template.spec;
    expect(pod?.volumes?.[0]?.secret?.secretName).to.equal('latchkey');
    const variables = pod?.containers[0]?.env?.map(({ name }) => name);
    expect(variables).to.include.members(['DATABASE_URL_FILE', 'JWT_SECRETS_FILE', 'REDIS_URL_FILE']);
    expect(variables).not.to.include.members(['DATABASE_URL']);
  });

  it('takes the secrets that README.md says files may give', async () => {
    const { properties } = JSON.parse(await readFile(path.join(chart, 'values.schema.json'), 'utf8')) as {
      properties: { secrets: { properties: { keys: { items: { enum: string[] } } } } };
    };
    const [, sentence = ''] = /`NAME_FILE` gives (.*?) by a file/.exec(await readFile('README.md', 'utf8')) ?? [];
    const documented = [...sentence.matchAll(/`(\w+)`/g)].map(([, name]) => name);
    expect(properties.secrets.properties.keys.items.enum).to.have.members(documented);
  });

  for (const [what, values] of Object.entries({ 'the least values': required, 'every part switched on': everything })) {
    it(`says each variable once, with ${what}`, async () => {
      for (const kind of ['Deployment', 'Job']) {
        const { spec } = await renderOne<Deployment | Job>(kind, values);
        const names = spec!.template.spec!.containers[0]!.env!.map(({ name }) => name.replace(/_FILE$/, ''));
        expect(new Set(names).size, kind).to.equal(names.length);
      }
    });
  }

  it('writes numbers as the server reads them, however large, and where the default is replaced', async () => {
    const file = path.resolve('coverage', `values-${process.pid}.yaml`);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(
      file,
      'config: { REFRESH_TOKEN_TTL_SECONDS: 2592000, OTEL_TRACES_SAMPLER_ARG: 0.25, WORKERS: 4 }\n',
    );
    const sets = required.flatMap((value) => ['--set', value]);
    const text = await helm(
      program,
      'template',
      'accounts',
      chart,
      '--kube-version',
      '1.34.0',
      '--values',
      file,
      ...sets,
    );
    await rm(file);
    for (const [name, value] of Object.entries({
      REFRESH_TOKEN_TTL_SECONDS: '2592000',
      OTEL_TRACES_SAMPLER_ARG: '0.25',
      WORKERS: '4',
    })) {
      const found = [...text.matchAll(new RegExp(`name: ${name}\\s+value: "(.*)"`, 'g'))].map(([, given]) => given);
      // Of the deployment and of the migration.
      expect(found, name).to.deep.equal([value, value]);
    }
  });

  it('gives every pod the certificate authority of a database, and further volumes', async () => {
    for (const kind of ['Deployment', 'Job']) {
      const { spec } = await renderOne<Deployment | Job>(kind, everything);
      const { containers, volumes } = spec!.template.spec!;
      const [container] = containers;
      expect(volumes?.map(({ name }) => name)).to.deep.equal(['secrets', 'certificate-authority', 'more']);
      expect(volumes?.[1]?.configMap).to.deep.equal({
        name: 'authorities',
        items: [{ key: 'ca.crt', path: 'ca.crt' }],
      });
      const mounts = Object.fromEntries(
        (container?.volumeMounts ?? []).map(({ name, mountPath }) => [name, mountPath]),
      );
      expect(mounts['more']).to.equal('/more');
      const file = `${mounts['certificate-authority']}/ca.crt`;
      expect(container?.env).to.deep.include({ name: 'NODE_EXTRA_CA_CERTS', value: file });
    }
  });

  it('keeps idle connections for longer than the usual ingress, which keeps them for 60 s', async () => {
    const pod = (await renderOne<Deployment>('Deployment')).spec?.template.spec;
    const seconds = pod?.containers[0]?.env?.find(({ name }) => name === 'KEEP_ALIVE_SECONDS')?.value;
    expect(Number(seconds)).to.be.greaterThan(60);
  });

  it('leads the Service, the probes and the scrapes to the ports that the image listens on', async () => {
    const dockerfile = await readFile('docker/Dockerfile', 'utf8');
    const [, port] = /[^_]PORT=(\d+)/.exec(dockerfile) ?? [];
    const [, adminPort] = /ADMIN_PORT=(\d+)/.exec(dockerfile) ?? [];
    const { template } = (await renderOne<Deployment>('Deployment')).spec!;
    const [container] = template.spec!.containers;
    const ports = Object.fromEntries((container?.ports ?? []).map(({ name, containerPort }) => [name, containerPort]));
    expect(ports).to.deep.equal({ http: Number(port), admin: Number(adminPort) });
    expect(template.metadata?.annotations).to.include({ 'prometheus.io/port': adminPort });
    const probes = [container?.startupProbe, container?.livenessProbe, container?.readinessProbe];
    expect(probes.map((probe) => probe?.httpGet?.port)).to.deep.equal(['http', 'http', 'http']);
    const service = await renderOne<Service>('Service');
    expect(service.spec?.ports?.map(({ targetPort }) => targetPort)).to.deep.equal(['http', 'admin']);
  });

  it('leaves Redis out where the Secret has no REDIS_URL', async () => {
    const values = [...required, 'secrets.keys={DATABASE_URL,JWT_SECRETS}'];
    const pod = (await renderOne<Deployment>('Deployment', values)).spec?.template.spec;
    expect(JSON.stringify(pod)).not.to.contain('REDIS_URL');
  });

  it('probes start, life and readiness, and waits longer than requests in flight may take', async () => {
    const pod = (await renderOne<Deployment>('Deployment', [...required, 'shutdownGraceSeconds=50'])).spec?.template
      .spec;
    const [container] = pod?.containers ?? [];
    expect(container?.startupProbe?.httpGet?.path).to.equal('/api/v1/health');
    expect(container?.livenessProbe?.httpGet?.path).to.equal('/api/v1/health');
    expect(container?.readinessProbe?.httpGet?.path).to.equal('/api/v1/health/ready');
    const variable = (name: string) => container?.env?.find((one) => one.name === name)?.value;
    expect(variable('SHUTDOWN_GRACE_SECONDS')).to.equal('50');
    expect(variable('SHUTDOWN_DELAY_SECONDS')).to.equal('0');
    expect(pod?.terminationGracePeriodSeconds).to.be.greaterThan(
      50 + (container?.lifecycle?.preStop?.sleep?.seconds ?? 0),
    );
  });

  it('migrates before an install and before an upgrade', async () => {
    const job = await renderOne<Job>('Job');
    expect(job.metadata?.annotations).to.include({ 'helm.sh/hook': 'pre-install,pre-upgrade' });
    expect(job.spec?.template.spec?.containers[0]?.args).to.deep.equal(['migrate']);
  });

  it('runs the image of its version of the contract, with the migrations that the job made', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    const deployment = await renderOne<Deployment>('Deployment');
    const [container] = deployment.spec?.template.spec?.containers ?? [];
    expect(container?.image).to.equal(`latchkey:${version}`);
    expect(container?.env).to.deep.include({ name: 'MIGRATE_AT_START', value: 'off' });
  });

  it('leaves the number of pods to the autoscaler, or sets it without one', async () => {
    expect((await renderOne<Deployment>('Deployment')).spec).not.to.have.property('replicas');
    const scaler = await renderOne<HorizontalPodAutoscaler>('HorizontalPodAutoscaler');
    expect(scaler.spec?.scaleTargetRef.name).to.equal('accounts-latchkey');
    const values = [...required, 'autoscaling.enabled=false', 'replicas=3'];
    expect((await renderOne<Deployment>('Deployment', values)).spec?.replicas).to.equal(3);
    expect(await renderOne('HorizontalPodAutoscaler', values)).to.equal(undefined);
  });

  it('lets the ingress reach requests only, and the monitoring metrics only', async () => {
    const { spec } = await renderOne<NetworkPolicy>('NetworkPolicy');
    expect(spec?.policyTypes).to.deep.equal(['Ingress', 'Egress']);
    expect(spec?.ingress?.map(({ ports }) => ports?.map(({ port }) => port))).to.deep.equal([['http'], ['admin']]);
  });

  it('brings the alerts and the dashboard of the stack, and only where they are asked for', async () => {
    const rule = await renderOne<{ metadata: { labels: object }; spec: object }>('PrometheusRule', everything);
    expect(rule.spec).to.deep.equal(parse(await readFile(path.join(chart, 'monitoring', 'alerts.yml'), 'utf8')));
    expect(rule.metadata.labels).to.include({ release: 'monitoring' });
    const { data, metadata } = await renderOne<ConfigMap>('ConfigMap', everything);
    expect(data?.['latchkey.json']).to.equal(await readFile(path.join(chart, 'monitoring', 'dashboard.json'), 'utf8'));
    expect(metadata?.labels).to.include({ grafana_dashboard: '1' });
    const kinds = (await render(required)).map(({ kind }) => kind);
    expect(kinds).not.to.include.members(['PrometheusRule']).and.not.to.include.members(['ConfigMap']);
  });

  it('takes a digest before a tag', async () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const deployment = await renderOne<Deployment>('Deployment', [
      ...required,
      `image.digest=${digest}`,
      'image.tag=1.0.0',
    ]);
    expect(deployment.spec?.template.spec?.containers[0]?.image).to.equal(`latchkey@${digest}`);
  });
});

/** A literal of the manifest's type: the compiler refuses a field that the type lacks, and a missing one. */
function asTypeScript({ apiVersion, kind, ...rest }: Manifest, index: number): string {
  const module = apiVersion === 'v1' ? 'core/v1' : apiVersion.replace('.k8s.io', '');
  const literal = JSON.stringify({ apiVersion, kind, ...rest }, undefined, 2);
  return `export const m${index}: import('kubernetes-types/${module}').${kind} = ${literal};`;
}
