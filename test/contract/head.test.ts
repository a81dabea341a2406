/** HEAD answers what GET does, without the body (RFC 9110, section 9.3.2). */
import { expect } from 'chai';
import { fullPath, startApp, useApp, type TestApp } from '../support/app.ts';
import type { Answer, Call } from '../support/client.ts';
import { nobodysId } from '../support/ids.ts';
import { allowedRequest, expectSuccess, operations } from './requests.ts';

describe('HEAD', () => {
  const app = useApp();

  /** Sends both methods and expects the same answer. */
  async function compare(path: string, call: Call = {}, server: TestApp = app): Promise<Answer> {
    // Node's client asks for gzip only with GET.
    const plain = { ...call, headers: { 'Accept-Encoding': 'identity', ...call.headers } };
    const get = await server.sendOutside('get', path, plain);
    const head = await server.sendOutside('head', path, plain);
    expect(head.status).to.equal(get.status);
    expect(lasting(head)).to.deep.equal(lasting(get));
    expect(head.bytes.length).to.equal(0);
    // An export includes the event that the one before it left.
    if (path.endsWith('/export')) expect(Number(head.headers['content-length'])).to.be.above(get.bytes.length);
    else expect(head.headers['content-length']).to.equal(String(get.bytes.length));
    return head;
  }

  for (const operation of operations.filter(({ method }) => method === 'get')) {
    it(`answers like ${operation.id}`, async () => {
      const { path, token, query } = await allowedRequest(operation, app);

      expectSuccess(operation, await compare(fullPath(path), { token, ...(query && { query }) }));
    });
  }

  it('accepts and rejects the same requests as GET', async () => {
    const { accessToken: token } = await app.signIn('moderator');

    expect((await compare('/api/v1/users', { token, query: { limit: 1, sort_by: 'email' } })).status).to.equal(200);
    expect((await compare('/api/v1/users', { token, query: { limit: 0 } })).status).to.equal(400);
    expect((await compare('/api/v1/users', { token, query: { colour: 'red' } })).status).to.equal(400);
    expect((await compare(`/api/v1/users/${nobodysId}`, { token })).status).to.equal(404);
    expect((await compare('/api/v1/users')).status).to.equal(401);
    expect((await compare('/api/v1/users', { token: 'x' })).status).to.equal(401);
    expect((await compare('/api/v1/nowhere')).status).to.equal(404);
  });

  it('answers 403 to a role that is too low', async () => {
    const { accessToken: token } = await app.signIn('user');

    expect((await compare('/api/v1/users', { token })).status).to.equal(403);
  });

  for (const path of ['/', '/docs', '/docs/', '/docs/try', '/openapi.json', '/openapi.yaml', '/problems/not_found']) {
    it(`answers like GET ${path}`, async () => {
      expect((await compare(path)).status).to.be.oneOf([200, 302]);
    });
  }

  it('answers 304 to the ETag of a document', async () => {
    const { headers } = await app.sendOutside('head', '/openapi.json');

    const again = await app.sendOutside('head', '/openapi.json', {
      headers: { 'If-None-Match': headers['etag'] ?? '' },
    });

    expect(again.status).to.equal(304);
  });

  it('counts against rate limits as GET does', async () => {
    const limited = await startApp(app.databaseUrl, { env: { RATE_LIMIT_STANDARD: '2/60' } });
    try {
      const { accessToken: token } = await app.signIn();
      const head = () => limited.send('head', '/auth/me', { token });

      expect([(await head()).status, (await head()).status, (await head()).status]).to.deep.equal([200, 200, 429]);
      expect((await limited.send('get', '/auth/me', { token })).status).to.equal(429);
    } finally {
      await limited.stop();
    }
  });
});

/** The headers that don't differ from request to request. */
function lasting({ headers }: Answer): Record<string, string> {
  const own = ['date', 'x-request-id', 'content-length'];
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !own.includes(name)));
}
