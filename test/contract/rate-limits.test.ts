/** The rate limit that `x-rate-limit` in the contract names, for every operation. */
import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { startApp, useApp, type TestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import type { Answer } from '../support/client.ts';
import { allowedRequest, expectSuccess, operationOf, operations, send, type Described } from './requests.ts';

type Started = Awaited<ReturnType<typeof startApp>>;

const proxied = { TRUST_PROXY: '1' };

describe('rate limits', () => {
  // People register and sign in on a server without limits; the others share its database.
  const sound = useApp();
  const started: Started[] = [];
  let once: TestApp;
  let onceByCredentials: TestApp;

  before('start servers with limits', async () => {
    once = await limited({ ...proxied, RATE_LIMIT_STANDARD: '1/60', RATE_LIMIT_CREDENTIALS: '1/60' });
    onceByCredentials = await limited({ ...proxied, RATE_LIMIT_STANDARD: '100/60', RATE_LIMIT_CREDENTIALS: '1/60' });
  });
  after('stop them', async () => {
    for (const server of started) await server.stop();
  });

  async function limited(env: Record<string, string>): Promise<TestApp> {
    const server = await startApp(sound.databaseUrl, { env });
    started.push(server);
    return server;
  }

  /** Sends a valid request of the operation as a client with an address. */
  async function call(app: TestApp, operation: Described, address: string): Promise<Answer> {
    const request = await allowedRequest(operation, sound);
    return send(app, { ...request, headers: { ...request.headers, 'X-Forwarded-For': address } });
  }

  for (const operation of operations.filter(({ rateLimit }) => rateLimit !== 'none')) {
    it(`stop a client that calls ${operation.id} once too often, but no other`, async () => {
      const client = newAddress();

      const first = await call(once, operation, client);
      expectSuccess(operation, first);
      expect(first.headers['ratelimit']).to.match(/^"standard";r=0;t=\d+/);

      const second = await call(once, operation, client);
      expect([second.status, second.body.code]).to.deep.equal([429, 'rate_limited']);
      expect(second.headers['ratelimit-policy']).to.equal('"standard";q=1;w=60');
      expect(second.headers['ratelimit']).to.match(/^"standard";r=0;t=\d+$/);
      expect(Number(second.headers['retry-after'])).to.be.within(1, 60);
      expect(second.body.detail).to.include('standard');

      expectSuccess(operation, await call(once, operation, newAddress()));
    });
  }

  for (const operation of operations.filter(({ rateLimit }) => rateLimit === 'standard')) {
    it(`count ${operation.id} only by the standard policy`, async () => {
      const { headers } = await call(once, operation, newAddress());
      expect(headers['ratelimit-policy']).to.equal('"standard";q=1;w=60');
    });
  }

  for (const operation of operations.filter(({ rateLimit }) => rateLimit === 'credentials')) {
    it(`count ${operation.id} by credentials too, and list both policies`, async () => {
      const client = newAddress();

      const first = await call(onceByCredentials, operation, client);
      expectSuccess(operation, first);
      expect(first.headers['ratelimit-policy']).to.equal('"standard";q=100;w=60, "credentials";q=1;w=60');
      expect(first.headers['ratelimit']).to.match(/^"standard";r=99;t=\d+, "credentials";r=0;t=\d+$/);

      const second = await call(onceByCredentials, operation, client);
      expect([second.status, second.body.code]).to.deep.equal([429, 'rate_limited']);
      expect(second.body.detail).to.include('credentials');
      expect(second.headers['ratelimit']).to.match(/^"standard";r=98;t=\d+, "credentials";r=0;t=\d+$/);

      const other = await call(onceByCredentials, operationOf('getCurrentUser'), client);
      expect(other.status).to.equal(200);
    });
  }

  it('share the credentials limit among operations', async () => {
    const client = newAddress();
    expect((await call(onceByCredentials, operationOf('registerUser'), client)).status).to.equal(201);
    expect((await call(onceByCredentials, operationOf('login'), client)).status).to.equal(429);
  });

  for (const operation of operations.filter(({ rateLimit }) => rateLimit === 'none')) {
    it(`never stop ${operation.id}`, async () => {
      const client = newAddress();
      for (let count = 0; count < 5; count += 1) {
        const answer = await call(once, operation, client);
        expectSuccess(operation, answer);
        expect(answer.headers).not.to.have.any.keys('ratelimit', 'ratelimit-policy');
      }
    });
  }

  const elsewhere = [
    { what: 'an unknown path', method: 'get', path: '/api/v1/nothing', status: 404 },
    { what: 'a path outside the contract', method: 'get', path: '/nothing', status: 404 },
    { what: 'an undocumented method', method: 'put', path: '/api/v1/users', status: 405 },
    { what: 'another method of an operation without a limit', method: 'delete', path: '/api/v1/health', status: 405 },
    { what: 'the contract', method: 'get', path: '/openapi.json', status: 200 },
    { what: 'the docs', method: 'get', path: '/docs', status: 200 },
  ] as const;
  for (const { what, method, path, status } of elsewhere) {
    it(`count ${what} too`, async () => {
      const headers = { 'X-Forwarded-For': newAddress() };
      expect((await once.sendOutside(method, path, { headers })).status).to.equal(status);
      const { body, ...second } = await once.sendOutside(method, path, { headers });
      expect([second.status, body.code]).to.deep.equal([429, 'rate_limited']);
      expect(second.headers).to.include.keys('retry-after', 'ratelimit', 'ratelimit-policy');
    });
  }

  it("count requests with bad tokens, so that tokens can't be guessed", async () => {
    const call = { token: 'guess', headers: { 'X-Forwarded-For': newAddress() } };
    expect((await once.send('get', '/users', call)).status).to.equal(401);
    expect((await once.send('get', '/users', call)).status).to.equal(429);
  });

  it('count failed logins', async () => {
    const call = {
      json: { email: 'nobody@example.com', password: 'a guess' },
      headers: { 'X-Forwarded-For': newAddress() },
    };
    expect((await onceByCredentials.send('post', '/auth/login', call)).status).to.equal(401);
    expect((await onceByCredentials.send('post', '/auth/login', call)).status).to.equal(429);
  });

  it('treat an IPv6 /64 as one client', async () => {
    const network = `2001:db8:${randomBytes(2).toString('hex')}`;
    const status = async (address: string) => (await call(once, operationOf('getCurrentUser'), address)).status;

    expect(await status(`${network}:7::1`)).to.equal(200);
    expect(await status(`${network}:7:ffff:1:2:3`)).to.equal(429);
    expect(await status(`${network}:0007:0:0:0:1`)).to.equal(429);
    expect(await status(`${network}:8::1`)).to.equal(200);
  });

  it('treat an IPv4-mapped IPv6 address as the IPv4 address', async () => {
    const address = newAddress();
    expect((await call(once, operationOf('getCurrentUser'), address)).status).to.equal(200);
    expect((await call(once, operationOf('getCurrentUser'), `::ffff:${address}`)).status).to.equal(429);
  });

  it('trust only the last address of X-Forwarded-For with one proxy', async () => {
    const client = newAddress();
    expect((await call(once, operationOf('getCurrentUser'), `${newAddress()}, ${client}`)).status).to.equal(200);
    expect((await call(once, operationOf('getCurrentUser'), `${newAddress()}, ${client}`)).status).to.equal(429);
  });

  it('ignore Forwarded, even from a trusted proxy', async () => {
    const client = newAddress();
    const request = await allowedRequest(operationOf('getCurrentUser'), sound);
    const status = async () => {
      const headers = { 'X-Forwarded-For': client, Forwarded: `for=${newAddress()}` };
      return (await send(once, { ...request, headers })).status;
    };

    expect([await status(), await status()]).to.deep.equal([200, 429]);
  });

  it('ignore X-Forwarded-For without a trusted proxy', async () => {
    const direct = await limited({ RATE_LIMIT_STANDARD: '1/60' });
    expect((await call(direct, operationOf('getCurrentUser'), newAddress())).status).to.equal(200);
    expect((await call(direct, operationOf('getCurrentUser'), newAddress())).status).to.equal(429);
  });

  it('reset when the window ends', async () => {
    const { accessToken: token } = await sound.signIn();
    const brief = await limited({ RATE_LIMIT_STANDARD: '1/1' });
    const status = async () => (await brief.send('get', '/auth/me', { token })).status;

    expect(await status()).to.equal(200);
    await eventually('the limit is reached', async () => (await status()) === 429);
    await eventually('the window has ended', async () => (await status()) === 200);
  });
});

/** An address that no other test uses. */
function newAddress(): string {
  return `10.${[...randomBytes(3)].join('.')}`;
}
