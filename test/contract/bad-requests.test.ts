/** Tokens, methods and addresses that no well-meaning client sends: each gets a documented problem, and never a 500. */
import { expect } from 'chai';
import { useApp, type SignedIn } from '../support/app.ts';
import type { Method } from '../support/client.ts';
import { contract } from '../support/contract.ts';
import { nobodysId } from '../support/ids.ts';
import { expectProblem } from '../support/problems.ts';
import { request } from './raw.ts';

describe('a bad request', () => {
  const app = useApp();
  let admin: SignedIn;

  before('sign an admin in', async () => {
    admin = await app.signIn('admin');
  });

  describe('in Authorization', () => {
    const others = [
      'Basic YWRhOmh1bnRlcjI=',
      'Bearer',
      'Bearer ',
      'bearer',
      'Token abc',
      'Bearer a b',
      'Bearer a, Bearer b',
      'Bearer "abc"',
      'Bearer ü',
      'Bearer=abc',
      'BearerToken',
      'null',
      ',',
      'Bearer {}',
      'Bearer ====',
      `Digest ${'x'.repeat(2000)}`,
    ];
    const tokens = [
      'a',
      'a.b',
      'a.b.c',
      '..',
      'e30.e30.',
      'e30.e30.e30',
      'bnVsbA.bnVsbA.bnVsbA',
      'W10.W10.W10',
      'null',
      `${'a'.repeat(5000)}.b.c`,
      'eyJhbGciOiJub25lIn0.e30.',
      'eyJ0eXAiOiJhdCtqd3QiLCJraWQiOiJfX3Byb3RvX18ifQ.e30.AAAA',
    ];

    it('treats other schemes as no authentication', async () => {
      for (const authorization of others) {
        const { status, body, headers } = await app.send('get', '/auth/me', { headers: { authorization } });
        expect([authorization, status, body.code]).to.deep.equal([authorization, 401, 'authentication_required']);
        expect(headers['www-authenticate']).to.equal('Bearer realm="latchkey"');
      }
    });

    it('rejects foreign tokens', async () => {
      for (const token of tokens) {
        const { status, body, headers } = await app.send('get', '/auth/me', { token });
        expect([token, status, body.code]).to.deep.equal([token, 401, 'invalid_token']);
        expect(headers['www-authenticate']).to.equal('Bearer realm="latchkey", error="invalid_token"');
      }
    });

    it('rejects a valid token that was cut, extended or altered', async () => {
      const [head = '', claims = '', signature = ''] = admin.accessToken.split('.');
      const flip = (text: string) => (text.startsWith('A') ? 'B' : 'A') + text.slice(1);
      for (const token of [
        `${head}.${claims}`,
        `${head}.${claims}.`,
        `${admin.accessToken}A`,
        `${head}.${claims}.${flip(signature)}`,
        `${head}.${flip(claims)}.${signature}`,
        `${flip(head)}.${claims}.${signature}`,
      ]) {
        expect((await app.send('get', '/auth/me', { token })).status).to.equal(401);
      }
      expect((await app.send('get', '/auth/me', { token: admin.accessToken })).status).to.equal(200);
    });

    it('ignores a token in the query or a cookie', async () => {
      const inQuery = await app.send('get', '/auth/me', { query: { access_token: admin.accessToken } });
      expectProblem(inQuery, 401, 'authentication_required');
      const inCookie = await app.send('get', '/auth/me', { headers: { Cookie: `access_token=${admin.accessToken}` } });
      expectProblem(inCookie, 401, 'authentication_required');
    });

    it('rejects two Authorization headers', async () => {
      const own = `Authorization: Bearer ${admin.accessToken}`;
      for (const other of ['Authorization: Bearer x', own]) {
        expect((await request(app, 'GET /api/v1/auth/me', [own, other])).status).to.equal(400);
        expect((await request(app, 'GET /api/v1/auth/me', [other, own])).status).to.equal(400);
      }
    });
  });

  describe('with an undocumented method', () => {
    const methods = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'] as const;
    for (const [path, item] of Object.entries(contract.paths)) {
      it(`is answered 405 with Allow: ${path}`, async () => {
        const known = methods.filter((method) => (method === 'head' ? 'get' : method) in item);
        for (const method of methods.filter((method) => !known.includes(method))) {
          const place = path.replace('{user_id}', nobodysId);
          const { status, headers, body } = await app.send(method, place, { token: admin.accessToken });

          expect([method, status]).to.deep.equal([method, 405]);
          expect(headers['allow']).to.equal(
            known
              .map((name) => name.toUpperCase())
              .sort()
              .join(', '),
          );
          if (method !== 'head') expect(body.code).to.equal('method_not_allowed');
        }
      });
    }
  });

  describe('in the URL', () => {
    const unknown: [Method, string][] = [
      ['get', '/api/v1'], ['get', '/api/v1/'], ['get', '/api/v2/users'], ['get', '/api/v1/user'], ['get', '/api/v1/users/'], ['get', '/api/v1/USERS'],
      ['get', '/API/v1/users'], ['get', '//api/v1/users'], ['get', '/api/v1//users'], ['get', `/api/v1/users/${nobodysId}/`], ['get', `/api/v1/users/${nobodysId}/sessions`],
      ['get', '/api/v1/users%2Fme'], ['post', '/api/v1/auth'], ['post', '/api/v1/auth/login/'], ['get', '/users'], ['get', '/workflows'],
      ['get', '/.env'], ['get', '/package.json'], ['get', '/%2e%2e/package.json'], ['get', '/__proto__'], ['get', '/constructor'], ['get', `/${'a'.repeat(10_000)}`],
    ]; // prettier-ignore
    it('answers 404 to undocumented paths', async () => {
      for (const [method, path] of unknown) {
        const { status, body } = await app.sendOutside(method, path, { token: admin.accessToken });
        expect([path, status, body.code]).to.deep.equal([path, 404, 'not_found']);
      }
    });

    it('lets nobody reach more by another spelling of a path, or by a header that names another', async () => {
      const { accessToken } = await app.signIn();
      const mine = await app.send('get', '/auth/me', { token: accessToken });
      const spellings = [
        '//api/v1/users', '///api/v1/users', '/./api/v1/users', '/api/v1/./users', '/api/v1/auth/../users', '/api/v1/auth/%2e%2e/users', '/docs/../api/v1/users',
        '/api/v1/Users', '/api/v1/users/', '/api/v1/users//', '/api/v1/users;a=b', '/api/v1/users.json', '/api/v1/%75sers', '/api/v1%2fusers', '/api/v1/users%2f',
        '/api/v1/users%00', '/api/v1/users%20', '/api/v1/users%23', '/api/v1/users%3f', '/api/v1\\users', '\\api\\v1\\users',
      ]; // prettier-ignore
      for (const authorization of [[], [`Authorization: Bearer ${accessToken}`]]) {
        for (const path of spellings) {
          const { status } = await request(app, `GET ${path}`, authorization);
          expect([path, status]).to.deep.equal([path, path.startsWith('\\') ? 400 : 404]);
        }
      }
      for (const header of ['X-Original-URL', 'X-Rewrite-URL', 'X-Forwarded-Path', 'X-Forwarded-Prefix']) {
        const headers = [`Authorization: Bearer ${accessToken}`, `${header}: /api/v1/users`];
        expect((await request(app, 'GET /api/v1/auth/me', headers)).bytes).to.deep.equal(mine.bytes);
      }
      for (const header of ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override']) {
        const headers = [`Authorization: Bearer ${admin.accessToken}`, `${header}: DELETE`];
        expect((await request(app, `GET /api/v1/users/${mine.body.id}`, headers)).bytes).to.deep.equal(mine.bytes);
      }
      expect((await app.send('get', '/auth/me', { token: accessToken })).bytes).to.deep.equal(mine.bytes);
    });

    const undecodable = ['%', '%z', '%zz', '%ff', '%C0%80', '%E0%A4%A', '%ED%A0%80', 'a%', '%u0041'];
    it('answers 400 to malformed percent-encoding in path and query', async () => {
      for (const text of undecodable) {
        for (const target of [
          `/api/v1/users/${text}`,
          `/api/v1/users?search=${text}`,
          `/api/v1/${text}`,
          `/${text}`,
          `/api/v1/health?${text}=1`,
        ]) {
          const { status, body } = await app.sendOutside('get', target, { token: admin.accessToken });
          expect([target, status, body.code]).to.deep.equal([target, 400, 'malformed_request']);
        }
      }
    });
  });

  it('is one without a body, and without a length of it, as is one with an empty body, unless no field is needed', async () => {
    const post = (path: string) => request(app, `POST /api/v1${path}`, ['Content-Type: application/json']);

    expect((await post('/auth/login')).status).to.equal(400);
    expect((await post('/auth/passkeys/login/begin')).status).to.equal(200);
  });
});
