import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { expect } from 'chai';
import { openDatabase, type Database } from '../../../src/platform/database/database.ts';
import { checkIndexes } from '../../../src/doctor/indexes.ts';
import type { Finding } from '../../../src/doctor/findings.ts';
import { copyTemplate } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { createEmptyDatabase } from '../../support/empty-database.ts';
import { keepsStatements, pgBouncerVersion, startPgBouncer } from '../../support/pgbouncer.ts';
import { freePort } from '../../support/ports.ts';
import { runCommand } from '../../support/process.ts';
import { useRedis } from '../../support/redis.ts';
import { openTunnel, type Tunnel } from '../../support/tunnel.ts';
import { aUser } from '../factories.ts';

const role = `latchkey_doctor_${randomBytes(8).toString('hex')}`;
const password = randomBytes(16).toString('hex');
const bounds = { poolMax: 1, connectTimeoutMs: 5000, statementTimeoutMs: 10_000 };

describe('doctor', function () {
  this.timeout(60_000);
  let copy: { url: string; drop: () => Promise<void> };
  let database: Database;
  let production: Record<string, string>;
  let tunnel: Tunnel;

  /** The same database on this machine, by a role that may do there what Latchkey does, and no more. */
  async function asRole(url: string, { pool }: Database): Promise<string> {
    await pool.raw('grant all on all tables in schema public to ??', [role]);
    return Object.assign(new URL(tunnel.through(url)), { username: role, password }).href;
  }

  before('make a role', async () => {
    const server = openDatabase(process.env['TEST_SERVER_URL']!, bounds);
    await server.pool.raw(`create role ${role} login password '${password}'`);
    await server.close();
    tunnel = await openTunnel(process.env['TEST_SERVER_URL']!);
  });

  after('drop the role', async () => {
    tunnel.close();
    const server = openDatabase(process.env['TEST_SERVER_URL']!, bounds);
    await server.pool.raw(`drop role ${role}`);
    await server.close();
  });

  beforeEach('an environment that may go live', async () => {
    copy = await copyTemplate();
    database = openDatabase(copy.url, bounds);
    await aUser(database.pool, { role: 'admin' });
    production = {
      NODE_ENV: 'production',
      DATABASE_URL: await asRole(copy.url, database),
      JWT_SECRETS: 'Vf3kP0zQmXw7RyT2LbNc9HsJd5GaEu81',
      PUBLIC_URL: 'https://accounts.example.com',
      TRUST_PROXY: '1',
      ADMIN_PORT: '9000',
      WORKERS: '1',
      HASHING_CONCURRENCY: '2',
    };
  });

  afterEach(async () => {
    await database.close();
    await copy.drop();
  });

  /** What `doctor --json` says of the environment with some changes. */
  async function examine(changes: Record<string, string> = {}) {
    const { status, stdout } = await runCommand(['doctor', '--json'], { ...production, ...changes });
    const { deploy, checks } = JSON.parse(stdout) as { deploy: boolean; checks: Finding[] };
    return { status, deploy, checks, failed: checks.filter(({ result }) => result === 'fail') };
  }

  it('lets a good environment go live, and leaves nothing behind', async () => {
    const written = async () => {
      const { rows } = await database.pool.raw<{ rows: unknown[] }>(
        'select max(xmin::text::bigint), count(*) from users',
      );
      return rows;
    };
    const before = await written();

    const { status, stdout, stderr } = await runCommand(['doctor'], production);

    expect(await written()).to.deep.equal(before);
    expect(stdout).to.match(/^\d+ ok, 0 to think about, 0 failed\. Deploy\.\n$/m);
    expect(stdout).to.match(/^ok {4}indexes +all 17 are there$/m);
    expect(stderr).to.equal('');
    expect(status).to.equal(0);
  });

  it('finds that nobody can be stored, though the role may write', async () => {
    await database.pool.raw('alter table users enable row level security');
    await database.pool.raw('create policy readers on users for select using (true)');

    const { status, failed } = await examine();

    expect(failed.map(({ check }) => check)).to.deep.equal(['writing']);
    expect(failed[0]?.remedy).to.include('row policies');
    expect(status).to.equal(1);
  });

  it('knows every index that the migrations make', async () => {
    const { rows } = await database.pool.raw<{ rows: { count: number }[] }>(`
      select count(*)::int from pg_indexes where schemaname = 'public' and tablename not like 'migrations%'`);

    expect((await checkIndexes(database)).map(({ reason }) => reason)).to.deep.equal([
      `all ${rows[0]!.count} are there`,
    ]);
  });

  it('says which indexes are not used where there are many rows', async () => {
    await database.pool.raw(`
      with people as (
        insert into users (id, email, full_name, role, password_hash)
        select gen_random_uuid(), n || '@example.com', 'Person ' || n, 'user', '' from generate_series(1, 12000) n
        returning id
      ), stays as (
        insert into sessions (id, user_id, expires_at)
        select gen_random_uuid(), id, now() + interval '1 day' from people returning id
      ) insert into refresh_tokens (token_hash, session_id) select sha256(id::text::bytea), id from stays`);
    await database.pool.raw(`
      insert into idempotency_keys (key_hash, fingerprint, status, headers, body, expires_at, user_id, principal_id)
      select token_hash, token_hash, 201, '{}', '', now() + interval '1 day', session_id, session_id from refresh_tokens`);
    await database.pool.raw('analyze');
    const used = await examine();
    await database.pool.raw(`alter role ${role} set enable_indexscan = off`);
    await database.pool.raw(`alter role ${role} set enable_bitmapscan = off`);

    const unused = await examine();

    await database.pool.raw(`alter role ${role} reset all`);
    expect(used.checks).to.deep.include({ check: 'indexes', result: 'ok', reason: 'all 17 are there' });
    const warnings = unused.checks.filter(({ check }) => check === 'indexes');
    expect(
      warnings.map(({ reason }) => reason.replace(' is there, yet PostgreSQL does not use it', '')),
    ).to.have.members([
      'users_pkey',
      'users_email_key',
      'users_created_at_idx',
      'users_updated_at_idx',
      'users_email_sort_idx',
      'users_full_name_idx',
      'sessions_pkey',
      'sessions_user_id_idx',
      'refresh_tokens_pkey',
      'refresh_tokens_session_id_idx',
      'idempotency_keys_pkey',
      'idempotency_keys_user_id_idx',
      'idempotency_keys_principal_id_idx',
    ]);
    expect(warnings[0]).to.include({ result: 'warn', remedy: 'run: analyze' });
    expect(unused.status).to.equal(0);
  });

  it('says that a database lacks migrations', async () => {
    const names = await database.pool('migrations').orderBy('name').pluck<string[]>('name');
    const empty = await createEmptyDatabase();
    await empty.database.pool.raw(`alter database ${empty.name} owner to ${role}`);
    try {
      const { status, deploy, failed } = await examine({ DATABASE_URL: await asRole(empty.url, empty.database) });

      expect(failed).to.deep.equal([
        {
          check: 'migrations',
          result: 'fail',
          reason: `not applied: ${names.join(', ')}`,
          remedy: 'run the command migrate',
        },
      ]);
      expect(deploy).to.equal(false);
      expect(status).to.equal(1);
    } finally {
      await empty.drop();
    }
  });

  it('says which indexes were dropped, and which one was left half-made', async () => {
    await database.pool.raw('drop index users_email_key, users_search_idx');
    await database.pool.raw('alter table refresh_tokens drop constraint refresh_tokens_pkey');
    await aUser(database.pool, { role: 'admin' });
    const making = database.pool.raw('create unique index concurrently one_of_each on users (role)');
    expect(await making.then(() => 'made').catch(() => 'left half-made')).to.equal('left half-made');

    const { status, failed } = await examine();

    expect(failed.map(({ reason, remedy }) => `${reason}: ${remedy!}`)).to.deep.equal([
      'users_email_key is missing: make it as migrations/ does, with create index concurrently',
      'users_search_idx is missing: make it as migrations/ does, with create index concurrently',
      'refresh_tokens_pkey is missing: make it as migrations/ does, with create index concurrently',
      'one_of_each was left half-made and is of no use: run: reindex index concurrently one_of_each',
    ]);
    expect(status).to.equal(1);
  });

  it('counts the connections that the role may have', async () => {
    await database.pool.raw(`alter role ${role} connection limit 5`);

    const { status, failed } = await examine();

    await database.pool.raw(`alter role ${role} connection limit -1`);
    expect(failed.map(({ check, reason }) => [check, reason])).to.deep.equal([
      ['connections', 'an instance opens up to 10 of 5'],
    ]);
    expect(failed[0]?.remedy).to.match(/^set a lower DATABASE_POOL_MAX or WORKERS, raise max_connections/);
    expect(status).to.equal(1);
  });

  it('refuses addresses without TLS', async () => {
    const { status, failed } = await examine({
      PUBLIC_URL: 'http://accounts.example.com',
      CORS_ORIGINS: 'http://app.example.com',
    });

    expect(failed.map(({ check, reason }) => [check, reason])).to.deep.equal([
      ['configuration', 'PUBLIC_URL is not https'],
      ['origins', 'http://app.example.com in CORS_ORIGINS has no TLS, so that anybody on the way can change its pages'],
    ]);
    expect(failed[0]?.remedy).to.match(/^give the address that clients use/);
    expect(status).to.equal(1);
  });

  it('says that the database and Redis are away', async () => {
    const port = await freePort();

    const { status, failed } = await examine({
      DATABASE_URL: `postgres://${role}:${password}@127.0.0.1:${port}/latchkey`,
      REDIS_URL: `redis://127.0.0.1:${port}`,
    });

    expect(failed.map(({ check }) => check)).to.deep.equal(['redis', 'database']);
    for (const { reason } of failed)
      expect(reason).to.contain(`can't be used (connect ECONNREFUSED 127.0.0.1:${port})`);
    expect(failed[0]?.remedy).to.equal('check that it runs, and host, port, user and password in REDIS_URL');
    expect(failed[1]?.remedy).to.match(/^check that it runs and has room, and host, port, user, password and sslmode/);
    expect(status).to.equal(1);
  });

  it('waits a bounded time for a database and a Redis that accept and say nothing', async () => {
    const silent = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const began = performance.now();

    const { status, failed } = await examine({
      DATABASE_URL: `postgres://${role}:${password}@127.0.0.1:${port}/latchkey`,
      DATABASE_CONNECT_TIMEOUT_MS: '500',
      REDIS_URL: `redis://127.0.0.1:${port}`,
    });

    silent.close();
    expect(performance.now() - began).to.be.below(15_000);
    expect(failed.map(({ check, reason }) => [check, reason])).to.deep.equal([
      ['redis', "Redis can't be used (Command timed out); each server would count limits by itself"],
      ['database', "the database can't be used (no answer within DATABASE_CONNECT_TIMEOUT_MS)"],
    ]);
    expect(status).to.equal(1);
  });

  it('has something to say where nothing is configured', async () => {
    const { status, stdout, stderr } = await runCommand(['doctor'], {});

    for (const line of [
      /^fail {2}configuration {2}DATABASE_URL is missing\n +-> give a URL such as postgres:\/\//m,
      /^fail {2}configuration {2}JWT_SECRETS is missing\n +-> make one with: openssl rand/m,
      /^fail {2}environment +NODE_ENV is not set.*\n +-> set NODE_ENV=production/m,
      /^fail {2}tls +the address of clients is http:\/\/.*\n +-> set PUBLIC_URL/m,
      /^ok {4}memory/m,
      /Do not deploy\.\n$/,
    ]) {
      expect(stdout).to.match(line);
    }
    expect(stderr).to.equal('');
    expect(status).to.equal(1);
  });

  const canary = 'canary-that-never-sings';
  const wellFormed = (port: number) => ({
    DATABASE_URL: `postgres://latchkey:${canary}@127.0.0.1:${port}/latchkey?password=${canary}`,
    JWT_SECRETS: `${canary}-0123456789,${canary}`,
    ADMIN_EMAIL: 'ada@example.com',
    ADMIN_PASSWORD: canary,
    REDIS_URL: `redis://default:${canary}@127.0.0.1:${port}`,
    SENTRY_DSN: `http://${canary}@127.0.0.1:${port}/1`,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    OTEL_EXPORTER_OTLP_HEADERS: `x-key=${canary}`,
  });
  const malformed = () => ({
    DATABASE_URL: `postgres://latchkey:%zz${canary}@[/latchkey`,
    JWT_SECRETS: canary,
    ADMIN_PASSWORD: canary,
    REDIS_URL: canary,
    SENTRY_DSN: canary,
    OTEL_EXPORTER_OTLP_HEADERS: canary,
  });

  for (const [shape, secrets] of Object.entries({ 'well-formed': wellFormed, malformed })) {
    for (const args of [[], ['--json']]) {
      it(`prints none of the ${shape} secrets ${args.length > 0 ? 'as JSON' : 'as text'}`, async () => {
        const { status, stdout, stderr } = await runCommand(['doctor', ...args], {
          ...production,
          ...secrets(await freePort()),
        });

        expect(stdout).to.contain('JWT_SECRETS has fewer than 32 characters');
        expect(stdout + stderr).not.to.contain(canary);
        expect(status).to.equal(1);
      });
    }
  }

  describe('with a Redis', () => {
    const redis = useRedis();

    it('refuses a database that Redis does not have', async () => {
      const { status, failed } = await examine({ REDIS_URL: `${redis.url.replace(/\/\d*$/, '')}/99` });

      expect(failed.map(({ check }) => check)).to.deep.equal(['redis']);
      expect(failed[0]?.reason).to.include('DB index is out of range');
      expect(status).to.equal(1);
    });

    it('refuses a Redis Cluster', async function () {
      if (process.env['TEST_REDIS_URL']) this.skip();
      const port = await freePort();
      const args = ['--port', String(port), '--cluster-enabled', 'yes', '--save', '', '--dir', tmpdir()];
      const cluster = spawn('redis-server', [...args, '--cluster-config-file', `nodes-${port}.conf`]);
      try {
        const find = async () => (await examine({ REDIS_URL: `redis://127.0.0.1:${port}` })).failed[0]?.reason;
        await eventually(
          'the cluster is refused',
          async () => (await find())?.includes('it is a Redis Cluster'),
          30_000,
        );
      } finally {
        cluster.kill('SIGKILL');
      }
    });

    it('says that Redis answers', async () => {
      const { status, checks } = await examine({ REDIS_URL: redis.url, WORKERS: '2' });

      expect(checks).to.deep.include({ check: 'redis', result: 'ok', reason: 'Redis answers and counts' });
      expect(checks).to.deep.include({
        check: 'limits',
        result: 'ok',
        reason: 'all servers count together',
      });
      expect(status).to.equal(0);
    });
  });

  it('tells what a role lacks behind PgBouncer', async function () {
    if (pgBouncerVersion === undefined) {
      process.stdout.write('  no pgbouncer on the PATH: skipped what needs one\n');
      this.skip();
    }
    const bouncer = await startPgBouncer(process.env['TEST_SERVER_URL']!);
    try {
      const { status, checks, failed } = await examine({ DATABASE_URL: bouncer.through(copy.url) });

      expect(failed.map(({ check, reason }) => `${check}: ${reason.split(',')[0]!}`)).to.deep.equal([
        'timeouts: idle_in_transaction_session_timeout is not set',
        'timeouts: lock_timeout is not set',
        'timeouts: statement_timeout is not set',
        ...(keepsStatements ? [] : ['prepared statements: the pooler loses them between two queries']),
      ]);
      expect(failed[0]?.remedy).to.contain('run: alter role … set idle_in_transaction_session_timeout');
      expect(checks.find(({ check }) => check === 'connections')?.reason).to.match(/10 to a pooler/);
      expect(status).to.equal(1);
    } finally {
      await bouncer.stop();
    }
  });
});
