import { createSecretKey } from 'node:crypto';
import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { createAccessTokenIssuer, type AccessTokenOptions } from '../../../src/access/access-tokens.ts';
import { useApp, type SignedIn } from '../../support/app.ts';
import { expectProblem } from '../../support/problems.ts';
import { itNeedsASession, itRefusesUnknownParameters, nobodysId } from '../../support/stories.ts';

describe('getCurrentUser', () => {
  const app = useApp();
  const me = (token: string) => app.send('get', '/auth/me', { token });
  const target = { method: 'get', path: '/auth/me', token: async () => (await app.signIn()).accessToken } as const;

  for (const role of ['user', 'moderator', 'admin'] as const) {
    it(`gives a ${role} their own account`, async () => {
      const ada = await app.signIn(role);

      const { status, body, headers } = await me(ada.accessToken);

      expect(status).to.equal(200);
      expect(body).to.include({ id: ada.id, email: ada.email, full_name: ada.fullName, role, is_active: true });
      expect(headers).to.include({ etag: `"${body.id}.1"`, 'cache-control': 'no-store' });
      expect(body.etag).to.equal(headers['etag']);
    });
  }

  it('gives the same as getUser', async () => {
    const ada = await app.signIn();

    const [own, byId] = [
      await me(ada.accessToken),
      await app.send('get', `/users/${ada.id}`, { token: ada.accessToken }),
    ];

    expect(own.bytes.equals(byId.bytes)).to.equal(true);
    expect(own.headers['etag']).to.equal(byId.headers['etag']);
  });

  it('takes the scheme in any case', async () => {
    const { accessToken } = await app.signIn();

    const { status } = await app.send('get', '/auth/me', { headers: { Authorization: `bEARER ${accessToken}` } });

    expect(status).to.equal(200);
  });

  itNeedsASession(app, target);
  itRefusesUnknownParameters(app, target);

  it('answers 401 to another scheme as to no token', async () => {
    const answer = await app.send('get', '/auth/me', { headers: { Authorization: 'Basic YWRhOnNlY3JldA==' } });

    expectProblem(answer, 401, 'authentication_required');
    expect(answer.headers['www-authenticate']).to.equal('Bearer realm="latchkey"');
  });

  it('takes a token from Authorization only', async () => {
    const { accessToken } = await app.signIn();

    const inQuery = await app.send('get', '/auth/me', { query: { access_token: accessToken } });
    const inCookie = await app.send('get', '/auth/me', { headers: { Cookie: `access_token=${accessToken}` } });

    expectProblem(inQuery, 401, 'authentication_required');
    expectProblem(inCookie, 401, 'authentication_required');
  });

  describe('refuses a token', () => {
    const issueWith = (changes: Partial<AccessTokenOptions>, { accessToken }: SignedIn) => {
      const { sub, sid } = jwt.decode(accessToken) as { sub: string; sid: string };
      return createAccessTokenIssuer({ ...app.context.features.sessions.accessTokens, ...changes })({
        userId: sub,
        sessionId: sid,
      });
    };
    const signed = (claims: object, header: Partial<jwt.JwtHeader>, options: jwt.SignOptions = {}) => {
      const { keys, issuer, audience } = app.context.features.sessions.accessTokens;
      const usual: jwt.JwtHeader = { alg: 'HS256', typ: 'at+jwt', kid: keys[0].id };
      const present = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
      return jwt.sign(present, keys[0].key, { issuer, audience, header: { ...usual, ...header }, ...options });
    };
    const claimsOf = ({ accessToken }: SignedIn) => {
      const { sub, sid, exp } = jwt.decode(accessToken) as Record<string, unknown>;
      return { sub, sid, exp };
    };

    it('unless it is made as these are, which the tests below rely on', async () => {
      const ada = await app.signIn();

      expect((await me(issueWith({}, ada))).status).to.equal(200);
      expect((await me(signed(claimsOf(ada), {}))).status).to.equal(200);
    });

    const forgeries: [string, (ada: SignedIn) => string][] = [
      ['that expired', (ada) => issueWith({ ttlSeconds: -1 }, ada)],
      ['of another issuer', (ada) => issueWith({ issuer: 'elsewhere' }, ada)],
      ['for another audience', (ada) => issueWith({ audience: 'elsewhere' }, ada)],
      [
        'signed with another key of the same id',
        (ada) =>
          issueWith({ keys: [{ id: app.context.features.sessions.accessTokens.keys[0].id, key: anotherKey }] }, ada),
      ],
      ['signed with an unknown key', (ada) => issueWith({ keys: [{ id: 'unknown', key: anotherKey }] }, ada)],
      ['of another type', (ada) => signed(claimsOf(ada), { typ: 'JWT' })],
      ['without an end', (ada) => signed({ ...claimsOf(ada), exp: undefined }, {})],
      ['without a session', (ada) => signed({ ...claimsOf(ada), sid: undefined }, {})],
      ['of a session that never was', (ada) => signed({ ...claimsOf(ada), sid: nobodysId }, {})],
      ['of a session of somebody else', (ada) => signed({ ...claimsOf(ada), sub: nobodysId }, {})],
      ['with a session id that is none', (ada) => signed({ ...claimsOf(ada), sid: 'x' }, {})],
      ['with another algorithm', (ada) => signed(claimsOf(ada), { alg: 'HS512' }, { algorithm: 'HS512' })],
      ['without a signature', ({ accessToken }) => unsigned(accessToken)],
      ['with its claims changed', ({ accessToken }) => tampered(accessToken)],
      ['that is a refresh token', ({ refreshToken }) => refreshToken],
    ];
    for (const [what, forge] of forgeries) {
      it(what, async () => {
        const ada = await app.signIn();

        const answer = await me(forge(ada));

        expectProblem(answer, 401, 'invalid_token');
        expect(answer.headers['www-authenticate']).to.equal('Bearer realm="latchkey", error="invalid_token"');
      });
    }
  });
});

const anotherKey = createSecretKey(Buffer.from('another signing secret, 0123456789 0123456789'));

function unsigned(token: string): string {
  const [, payload = ''] = token.split('.');
  const { kid } = jwt.decode(token, { complete: true })!.header;
  const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt', kid })).toString('base64url');
  return `${header}.${payload}.`;
}

function tampered(token: string): string {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { exp: number };
  claims.exp += 1000;
  return [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
}
