import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { expect } from 'chai';
import { eventually } from '../../support/eventually.ts';
import { freePort } from '../../support/ports.ts';
import { runCommand } from '../../support/process.ts';
import { aKey } from '../../support/signing-keys.ts';
import { useRedis } from '../../support/redis.ts';
import { useProduction } from './production.ts';

describe('doctor', function () {
  const production = useProduction();
  const { role, password } = production;

  it('passes a good environment and leaves nothing behind', async () => {
    const written = async () => {
      const { rows } = await production.database.pool.raw<{ rows: unknown[] }>(
        'select max(xmin::text::bigint), count(*) from users',
      );
      return rows;
    };
    const before = await written();

    const { status, stdout, stderr } = await runCommand(['doctor'], production.variables);

    expect(await written()).to.deep.equal(before);
    expect(stdout).to.match(/^\d+ ok, 0 warnings, 0 failed\. Deploy\.\n$/m);
    expect(stdout).to.match(/^ok {4}indexes +all \d+ are there$/m);
    expect(stderr).to.equal('');
    expect(status).to.equal(0);
  });

  it('fails addresses without TLS', async () => {
    const { deploy, failed } = await production.examine({
      PUBLIC_URL: 'http://accounts.example.com',
      CORS_ORIGINS: 'http://app.example.com',
    });

    expect(failed.map(({ check, reason }) => [check, reason])).to.deep.equal([
      ['configuration', 'PUBLIC_URL is not https'],
      [
        'origins',
        'http://app.example.com in CORS_ORIGINS has no TLS, so that anybody on the network path can change its pages',
      ],
    ]);
    expect(failed[0]?.remedy).to.match(/^give the address that clients use/);
    expect(deploy).to.equal(false);
  });

  it('reports that the database and Redis are down', async () => {
    const port = await freePort();

    const { deploy, failed } = await production.examine({
      DATABASE_URL: `postgres://${role}:${password}@127.0.0.1:${port}/latchkey`,
      REDIS_URL: `redis://127.0.0.1:${port}`,
    });

    expect(failed.map(({ check }) => check)).to.deep.equal(['redis', 'database']);
    for (const { reason } of failed)
      expect(reason).to.contain(`can't be used (connect ECONNREFUSED 127.0.0.1:${port})`);
    expect(failed[0]?.remedy).to.equal('check that it runs, and host, port, user and password in REDIS_URL');
    expect(failed[1]?.remedy).to.match(
      /^check that it runs and has room, and host, port, name, user, password and sslmode/,
    );
    expect(deploy).to.equal(false);
  });

  it('waits a bounded time for a database and a Redis that hang', async () => {
    const silent = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const began = performance.now();

    const { deploy, failed } = await production.examine({
      DATABASE_URL: `postgres://${role}:${password}@127.0.0.1:${port}/latchkey`,
      DATABASE_CONNECT_TIMEOUT_MS: '500',
      REDIS_URL: `redis://127.0.0.1:${port}`,
    });

    silent.close();
    expect(performance.now() - began).to.be.below(15_000);
    expect(failed.map(({ check, reason }) => [check, reason])).to.deep.equal([
      ['redis', "Redis can't be used (Command timed out); each server would count limits on its own"],
      ['database', "the database can't be used (no answer within DATABASE_CONNECT_TIMEOUT_MS)"],
    ]);
    expect(deploy).to.equal(false);
  });

  it('reports findings without any configuration', async () => {
    const { status, stdout, stderr } = await runCommand(['doctor'], {});

    for (const line of [
      /^fail {2}configuration {2}DATABASE_URL is missing\n +-> give a URL such as postgres:\/\//m,
      /^fail {2}configuration {2}JWT_SECRETS is missing\n +-> generate one with: openssl rand/m,
      /^fail {2}environment +NODE_ENV is not set.*\n +-> set NODE_ENV=production/m,
      /^fail {2}tls +clients use http:\/\/.*\n +-> set PUBLIC_URL/m,
      /^ok {4}memory/m,
      /Do not deploy\.\n$/,
    ]) {
      expect(stdout).to.match(line);
    }
    expect(stderr).to.equal('');
    expect(status).to.equal(1);
  });

  const [canary, key] = ['canary-that-never-sings', aKey()];
  const wellFormed = (port: number) => ({
    DATABASE_URL: `postgres://latchkey:${canary}@127.0.0.1:${port}/latchkey?password=${canary}`,
    JWT_SECRETS: `${canary}-0123456789,${canary}`,
    JWT_SIGNING_KEYS: key,
    ADMIN_EMAIL: 'ada@example.com',
    ADMIN_PASSWORD: canary,
    REDIS_URL: `redis://default:${canary}@127.0.0.1:${port}`,
    SMTP_URL: `smtps://${canary}:${canary}@127.0.0.1:${port}`,
    SENTRY_DSN: `http://${canary}@127.0.0.1:${port}/1`,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    OTEL_EXPORTER_OTLP_HEADERS: `x-key=${canary}`,
  });
  const malformed = () => ({
    DATABASE_URL: `postgres://latchkey:%zz${canary}@[/latchkey`,
    JWT_SECRETS: canary,
    JWT_SIGNING_KEYS: `-----BEGIN ${canary}`,
    ADMIN_PASSWORD: canary,
    REDIS_URL: canary,
    SMTP_URL: canary,
    SENTRY_DSN: canary,
    OTEL_EXPORTER_OTLP_HEADERS: canary,
  });

  for (const [shape, secrets] of Object.entries({ 'well-formed': wellFormed, malformed })) {
    it(`prints none of the ${shape} secrets`, async () => {
      const { status, stdout, stderr } = await runCommand(['doctor', '--json'], {
        ...production.variables,
        ...secrets(await freePort()),
      });

      expect(stdout).to.contain('JWT_SECRETS has fewer than 32 characters');
      expect(stdout + stderr).not.to.contain(canary);
      expect(stdout + stderr).not.to.contain(key.split('\n')[1]);
      expect(status).to.equal(1);
    });
  }

  describe('with a Redis', () => {
    const redis = useRedis();

    it("fails a database number that Redis doesn't have", async () => {
      const { deploy, failed } = await production.examine({ REDIS_URL: `${redis.url.replace(/\/\d*$/, '')}/99` });

      expect(failed.map(({ check }) => check)).to.deep.equal(['redis']);
      expect(failed[0]?.reason).to.include('DB index is out of range');
      expect(deploy).to.equal(false);
    });

    it('fails a Redis Cluster', async function () {
      if (process.env['TEST_REDIS_URL']) this.skip();
      const port = await freePort();
      const args = ['--port', String(port), '--cluster-enabled', 'yes', '--save', '', '--dir', tmpdir()];
      const cluster = spawn('redis-server', [...args, '--cluster-config-file', `nodes-${port}.conf`]);
      try {
        const find = async () =>
          (await production.examine({ REDIS_URL: `redis://127.0.0.1:${port}` })).failed[0]?.reason;
        await eventually(
          'the cluster is refused',
          async () => (await find())?.includes('it is a Redis Cluster'),
          30_000,
        );
      } finally {
        cluster.kill('SIGKILL');
      }
    });

    it('reports that Redis answers', async () => {
      const { deploy, checks } = await production.examine({ REDIS_URL: redis.url, WORKERS: '2' });

      expect(checks).to.deep.include({ check: 'redis', result: 'ok', reason: 'Redis answers and counts' });
      expect(checks).to.deep.include({
        check: 'limits',
        result: 'ok',
        reason: 'all servers count together',
      });
      expect(deploy).to.equal(true);
    });
  });
});
