import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { copyTemplate } from '../../support/database.ts';
import { newPerson, registration, type Person } from '../../support/people.ts';
import { runCommand, startServer, type RunningServer } from '../../support/process.ts';
import { freePort } from '../../support/ports.ts';
import { scrape } from '../../support/scrape.ts';

describe('what operators see of a running server', function () {
  let copy: { url: string; drop: () => Promise<void> };
  let server: RunningServer;
  let operators: string;

  const variables = () => ({ DATABASE_URL: copy.url, DATA_DIR: path.join(tmpdir(), 'latchkey-operators') });
  const post = (operation: string, body: object) =>
    fetch(`${server.origin}/api/v1${operation}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  const login = ({ email, password }: Person) => post('/auth/login', { email, password });

  before(async () => {
    copy = await copyTemplate();
    const port = await freePort();
    operators = `http://127.0.0.1:${port}`;
    const limits = { RATE_LIMIT_CREDENTIALS: '6/60s', REFRESH_GRACE_SECONDS: '0' };
    // Nobody listens there: what it can't search is accepted, and counted.
    const breaches = { PWNED_PASSWORDS_URL: 'http://127.0.0.1:1' };
    server = await startServer({
      ...variables(),
      ...limits,
      ...breaches,
      ADMIN_PORT: String(port),
      DATABASE_POOL_MAX: '7',
    });
  });

  after(async () => {
    await server.stop();
    await copy.drop();
  });

  it('counts requests by operation, status and duration, and logins and refreshes by outcome', async () => {
    const ada = newPerson();
    await post('/auth/register', registration(ada));
    const tokens = (await (await login(ada)).json()) as { access_token: string; refresh_token: string };
    await login({ ...ada, password: 'a wrong password' });
    await login(newPerson());
    const refresh = async (token: string) =>
      (await (await post('/auth/refresh', { refresh_token: token })).json()) as typeof tokens;
    const second = (await refresh(tokens.refresh_token)).refresh_token;
    const third = (await refresh(second)).refresh_token;
    await refresh(tokens.refresh_token);
    await refresh(third);
    await refresh('lkr_of_nobody');
    await fetch(`${server.origin}/api/v1/nowhere`);
    await login(ada);
    await login(ada);
    const refused = await login(ada);

    const values = await scrape(operators);

    expect(refused.status).to.equal(429);
    const count = (operation: string, status: string) =>
      values.get(`latchkey_http_request_duration_seconds_count{operation_id="${operation}",status_class="${status}"}`);
    expect(count('registerUser', '2xx')).to.equal(1);
    expect(count('login', '2xx')).to.equal(3);
    expect(count('login', '4xx')).to.equal(3);
    expect(count('none', '4xx')).to.equal(1);
    expect(values.get('latchkey_http_requests_in_flight')).to.equal(0);
    const outcomes = (metric: string) =>
      Object.fromEntries(
        [...values]
          .filter(([series]) => series.startsWith(`${metric}{`))
          .map(([series, value]) => [/outcome="(\w+)"/.exec(series)?.[1] ?? '', value] as const),
      );
    expect(outcomes('latchkey_logins_total')).to.deep.equal({
      success: 3,
      invalid_code: 0,
      invalid_challenge: 0,
      invalid_passkey: 0,
      invalid_second_factor: 0,
      second_factor_required: 0,
      invalid_credentials: 2,
      account_disabled: 0,
      email_not_verified: 0,
      password_reset_required: 0,
      failed: 0,
      rate_limited: 1,
    });
    expect(outcomes('latchkey_refreshes_total')).to.deep.equal({
      rotated: 2,
      reused: 1,
      expired: 1,
      invalid: 1,
      failed: 0,
    });
    expect(values.get('latchkey_rate_limited_total{policy="credentials"}')).to.equal(1);
    // One hash for the registration, five for logins.
    expect(values.get('latchkey_hashing_duration_seconds_count')).to.equal(6);
  });

  it('reports the pool, the event loop, the process and the build', async () => {
    const values = await scrape(operators);

    expect(values.get('latchkey_database_pool_max')).to.equal(7);
    expect(values.get('latchkey_database_pool_connections{state="idle"}')).to.be.within(1, 7);
    expect(values.get('latchkey_database_pool_waiting')).to.equal(0);
    expect(values.get('latchkey_event_loop_delay_seconds{quantile="0.99"}')).to.be.within(0, 10);
    expect(values.get('latchkey_workers')).to.equal(1);
    expect(values.get('process_resident_memory_bytes')).to.be.greaterThan(10_000_000);
    const build = [...values.keys()].find((series) => series.startsWith('latchkey_build_info'));
    expect(build).to.include(`node_version="${process.versions.node}"`);
  });

  it('has exactly the metrics that README.md describes', async () => {
    const readme = await readFile(path.join(import.meta.dirname, '..', '..', '..', 'README.md'), 'utf8');
    const described = [...readme.matchAll(/^\| `(latchkey_\w+)/gm)].map(([, name]) => name);

    const text = await (await fetch(`${operators}/metrics`)).text();

    const exported = [...text.matchAll(/^# TYPE (latchkey_\w+)/gm)].map(([, name]) => name);
    expect(exported).to.have.members(described);
  });

  it('has no address, id or token in a label', async () => {
    const id = randomUUID();
    const headers = { Authorization: 'Bearer a-token-of-nobody', 'X-Request-Id': 'an-id-of-a-client' };
    await fetch(`${server.origin}/api/v1/users/${id}?search=ada@example.com`, { headers });
    await fetch(`${server.origin}/${id}/lkr_abc`, { headers, method: 'DELETE' });

    const text = await (await fetch(`${operators}/metrics`)).text();

    for (const secret of ['@', id, 'lkr_', 'a-token-of-nobody', 'an-id-of-a-client'])
      expect(text).not.to.include(secret);
  });

  it('answers probes and refuses other paths and methods', async () => {
    const ask = async (url: string, method = 'GET') => {
      const answer = await fetch(operators + url, { method });
      return [answer.status, ((await answer.json()) as { status: string }).status];
    };

    expect(await ask('/health')).to.deep.equal([200, 'healthy']);
    expect(await ask('/ready')).to.deep.equal([200, 'ready']);
    expect(await ask('/users')).to.deep.equal([404, 'not_found']);
    expect(await ask('/metrics', 'POST')).to.deep.equal([405, 'method_not_allowed']);
  });

  it('answers HEAD like GET without the body, and names both in a 405', async () => {
    for (const url of ['/health', '/ready', '/metrics', '/users']) {
      const [get, head] = [await fetch(operators + url), await fetch(operators + url, { method: 'HEAD' })];
      expect([url, head.status, await head.text()]).to.deep.equal([url, get.status, '']);
      expect(head.headers.get('content-type')).to.equal(get.headers.get('content-type'));
      expect(Number(head.headers.get('content-length'))).to.be.greaterThan(0);
    }
    expect((await fetch(`${operators}/ready`, { method: 'DELETE' })).headers.get('allow')).to.equal('GET, HEAD');
  });

  it("isn't served on the public port", async () => {
    for (const place of ['/metrics', '/ready', '/api/v1/metrics']) {
      expect((await fetch(server.origin + place)).status).to.equal(404);
    }
  });

  it('fails to start with one line when the operator port is taken', async () => {
    const port = new URL(operators).port;

    const { status, stderr } = await runCommand(['serve'], { ...variables(), PORT: '0', ADMIN_PORT: port });

    expect(status).to.equal(1);
    expect(stderr).to.equal(
      `latchkey: operators can't be served at 127.0.0.1:${port} (EADDRINUSE); set another ADMIN_PORT or ADMIN_HOST\n`,
    );
  });
});
