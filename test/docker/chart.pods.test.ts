/** The pods of the Helm chart: their permissions, configuration and probes. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import type { Deployment } from 'kubernetes-types/apps/v1.js';
import type { Job } from 'kubernetes-types/batch/v1.js';
import type { Service } from 'kubernetes-types/core/v1.js';
import { everything, required, useChart } from './chart.ts';

describe('the pods of the Helm chart', function () {
  const { render, renderOne } = useChart();

  for (const kind of ['Deployment', 'Job']) {
    it(`runs the pods of the ${kind} under the restricted Pod Security Standard, with no capability and a read-only root`, async () => {
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

  it("mounts secrets as files from a Secret that it doesn't contain", async () => {
    const manifests = await render(required);
    expect(manifests.map(({ kind }) => kind)).not.to.include('Secret');
    const pod = (await renderOne<Deployment>('Deployment')).spec?.template.spec;
    expect(pod?.volumes?.[0]?.secret?.secretName).to.equal('latchkey');
    const variables = pod?.containers[0]?.env?.map(({ name }) => name);
    expect(variables).to.include.members(['DATABASE_URL_FILE', 'JWT_SECRETS_FILE', 'REDIS_URL_FILE', 'SMTP_URL_FILE']);
    expect(variables).not.to.include.members(['DATABASE_URL']);
  });

  it('migrates as the owner of the tables and serves as the role that the owner grants rights to', async () => {
    const values = [...required, 'migration.ownerUrlKey=OWNER_URL', 'migration.runtimeRole=latchkey_app'];
    const urlOf = async (kind: 'Deployment' | 'Job') => {
      const pod = (await renderOne<Deployment | Job>(kind, values)).spec!.template.spec!;
      const { env = [] } = pod.containers[0]!;
      const valueOf = (name: string) => env.find((one) => one.name === name)?.value;
      const file = valueOf('DATABASE_URL_FILE')?.split('/').at(-1);
      const key = pod.volumes?.[0]?.secret?.items?.find(({ path }) => path === file)?.key;
      return { key, role: valueOf('DATABASE_RUNTIME_ROLE') };
    };
    expect(await urlOf('Job')).to.deep.equal({ key: 'OWNER_URL', role: 'latchkey_app' });
    expect(await urlOf('Deployment')).to.deep.equal({ key: 'DATABASE_URL', role: undefined });
  });

  for (const [what, values] of Object.entries({
    'only the required values': required,
    'everything switched on': everything,
  })) {
    it(`sets each variable once, with ${what}`, async () => {
      for (const kind of ['Deployment', 'Job']) {
        const { spec } = await renderOne<Deployment | Job>(kind, values);
        const names = spec!.template.spec!.containers[0]!.env!.map(({ name }) => name.replace(/_FILE$/, ''));
        expect(new Set(names).size, kind).to.equal(names.length);
      }
    });
  }

  it('writes numbers in plain digits, however large, and lets values override defaults', async () => {
    const file = path.resolve('coverage', `values-${process.pid}.yaml`);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(
      file,
      'config: { REFRESH_TOKEN_TTL_SECONDS: 2592000, OTEL_TRACES_SAMPLER_ARG: 0.25, WORKERS: 4 }\n',
    );
    const manifests = await render(required, '--values', file);
    await rm(file);
    const pods = manifests.filter(({ kind }) => ['Deployment', 'Job'].includes(kind)) as unknown as (
      Deployment | Job
    )[];
    expect(pods).to.have.length(2);
    for (const { spec } of pods) {
      expect(spec!.template.spec!.containers[0]!.env).to.deep.include.members([
        { name: 'REFRESH_TOKEN_TTL_SECONDS', value: '2592000' },
        { name: 'OTEL_TRACES_SAMPLER_ARG', value: '0.25' },
        { name: 'WORKERS', value: '4' },
      ]);
    }
  });

  it('takes in config each variable of the README that is no secret and that the chart does not set itself', async () => {
    const table = (await readFile('README.md', 'utf8'))
      .split(/^## /m)
      .find((part) => part.startsWith('Configuration'))!;
    const names = [...table.matchAll(/^\| (`[A-Z][^|]+) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([A-Z][A-Z_]+)`/g)].map(([, name = '']) => name),
    );
    const refused =
      /^(NODE_ENV|HOST|PORT|ADMIN_HOST|ADMIN_PORT|PUBLIC_URL|SHUTDOWN_(DELAY|GRACE)_SECONDS|MIGRATE_AT_START|DATABASE_RUNTIME_ROLE)$/;
    const secret =
      /^(DATABASE_URL|JWT_SECRETS|JWT_SIGNING_KEYS|FACTOR_KEYS|REDIS_URL|SMTP_URL|ADMIN_PASSWORD|SENTRY_DSN|OTEL_EXPORTER_OTLP_HEADERS)$|^SIG/;
    const taken = names.filter((name) => !refused.test(name) && !secret.test(name));

    const values = [...required, ...taken.map((name) => `config.${name}=7`)];
    const { spec } = await renderOne<Deployment>('Deployment', values);

    expect(taken).to.include.members(['ERASE_AFTER_DAYS', 'SESSION_IDLE_SECONDS', 'SESSIONS_PER_USER']);
    const set = spec!.template.spec!.containers[0]!.env!.map(({ name }) => name);
    expect(set).to.include.members(taken);
  });

  it("mounts the database's certificate authority and extra volumes in every pod", async () => {
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

  it('keeps idle connections longer than an ingress usually does (60 s)', async () => {
    const pod = (await renderOne<Deployment>('Deployment')).spec?.template.spec;
    const seconds = pod?.containers[0]?.env?.find(({ name }) => name === 'KEEP_ALIVE_SECONDS')?.value;
    expect(Number(seconds)).to.be.greaterThan(60);
  });

  it('points the Service, probes and scrapes at the ports that the image listens on', async () => {
    const dockerfile = await readFile('docker/Dockerfile', 'utf8');
    const [, port] = /[^_]PORT=(\d+)/.exec(dockerfile) ?? [];
    const [, operatorPort] = /ADMIN_PORT=(\d+)/.exec(dockerfile) ?? [];
    const { template } = (await renderOne<Deployment>('Deployment')).spec!;
    const [container] = template.spec!.containers;
    const ports = Object.fromEntries((container?.ports ?? []).map(({ name, containerPort }) => [name, containerPort]));
    expect(ports).to.deep.equal({ http: Number(port), operator: Number(operatorPort) });
    expect(template.metadata?.annotations).to.include({ 'prometheus.io/port': operatorPort });
    const probes = [container?.startupProbe, container?.livenessProbe, container?.readinessProbe];
    expect(probes.map((probe) => probe?.httpGet?.port)).to.deep.equal(['http', 'http', 'http']);
    const service = await renderOne<Service>('Service');
    expect(service.spec?.ports?.map(({ targetPort }) => targetPort)).to.deep.equal(['http', 'operator']);
  });

  it('leaves Redis out when the Secret has no REDIS_URL', async () => {
    const values = [...required, 'secrets.keys={DATABASE_URL,JWT_SECRETS,SMTP_URL}'];
    const pod = (await renderOne<Deployment>('Deployment', values)).spec?.template.spec;
    expect(JSON.stringify(pod)).not.to.contain('REDIS_URL');
  });

  it('probes startup, liveness and readiness, and gives requests in flight time to finish', async () => {
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

  it('migrates before each install and upgrade', async () => {
    const job = await renderOne<Job>('Job');
    expect(job.metadata?.annotations).to.include({ 'helm.sh/hook': 'pre-install,pre-upgrade' });
    expect(job.spec?.template.spec?.containers[0]?.args).to.deep.equal(['migrate']);
  });

  it('runs the image of its own version, and leaves migrations to the job', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    const deployment = await renderOne<Deployment>('Deployment');
    const [container] = deployment.spec?.template.spec?.containers ?? [];
    expect(container?.image).to.equal(`latchkey:${version}`);
    expect(container?.env).to.deep.include({ name: 'MIGRATE_AT_START', value: 'off' });
  });

  it('prefers a digest to a tag', async () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const deployment = await renderOne<Deployment>('Deployment', [
      ...required,
      `image.digest=${digest}`,
      'image.tag=1.0.0',
    ]);
    expect(deployment.spec?.template.spec?.containers[0]?.image).to.equal(`latchkey@${digest}`);
  });
});
