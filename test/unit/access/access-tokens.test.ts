import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { createAccessTokenIssuer } from '../../../src/access/access-tokens.ts';
import { deriveKeys } from '../../../src/platform/keys.ts';
import { createRefreshTokens } from '../../../src/features/sessions/refresh-tokens.ts';
import {
  aPrincipal,
  aRequest,
  checksOf,
  claims,
  given,
  issue,
  olderSecret,
  options,
  pass,
  secret,
} from './authenticating.ts';
import { codeOf, failureOf } from '../platform/failures.ts';

const [{ id: kid, key }] = options.keys;
const authTime = claims.authenticatedAt.getTime() / 1000;

interface Parts {
  header?: Record<string, unknown>;
  payload?: Record<string, unknown>;
  algorithm?: jwt.Algorithm;
  key?: jwt.Secret;
}

/** A token like the service's own except for these parts; `undefined` omits a field. */
function forge(parts: Parts = {}): string {
  const algorithm = parts.algorithm ?? 'HS256';
  const now = Math.floor(Date.now() / 1000);
  const usual = {
    sub: claims.userId,
    sid: claims.sessionId,
    auth_time: authTime,
    amr: claims.amr,
    acr: claims.acr,
    iss: 'latchkey',
    aud: 'clients',
    iat: now,
    exp: now + 60,
  };
  const payload = JSON.parse(JSON.stringify({ ...usual, ...parts.payload })) as object;
  const header = { alg: algorithm, typ: 'at+jwt', kid, ...parts.header } as jwt.JwtHeader;
  // The library would add `iat` by itself.
  const noTimestamp = !('iat' in payload);
  return jwt.sign(payload, parts.key ?? key, { algorithm, header, noTimestamp, allowInsecureKeySizes: true });
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('access tokens', () => {
  it('identify the user and the session', async () => {
    const { ask, looked, principal } = given();

    const found = await ask(`Bearer ${issue(claims)}`);

    expect(looked).to.deep.equal([claims]);
    expect(found).to.equal(principal);
  });

  it('carry key id, type, issuer, audience and expiry', () => {
    const { header, payload } = jwt.decode(issue(claims), { complete: true })!;
    const { iat, ...others } = payload as jwt.JwtPayload;

    expect(header).to.deep.equal({ alg: 'HS256', typ: 'at+jwt', kid });
    expect(others).to.deep.equal({
      sub: claims.userId,
      sid: claims.sessionId,
      auth_time: authTime,
      amr: ['pwd'],
      acr: 'urn:latchkey:acr:1',
      iss: 'latchkey',
      aud: 'clients',
      exp: iat! + 900,
    });
  });

  it('count as no recent sign-in when they are too old to state its time', async () => {
    for (const auth_time of [undefined, 'now']) {
      const { ask, looked } = given();

      await ask(`Bearer ${forge({ payload: { auth_time } })}`);

      expect(looked[0]?.authenticatedAt).to.deep.equal(new Date(0));
    }
  });

  it('count as authenticated by one factor unless they state two', async () => {
    for (const acr of [undefined, 2, 'urn:latchkey:acr:3', ['urn:latchkey:acr:2']]) {
      const { ask, looked } = given();

      await ask(`Bearer ${forge({ payload: { acr, amr: undefined } })}`);

      expect(looked[0]).to.deep.include({ amr: [], acr: 'urn:latchkey:acr:1' });
    }
    const { ask, looked } = given();

    await ask(`Bearer ${forge({ payload: { acr: 'urn:latchkey:acr:2', amr: ['pwd', 'otp', 'mfa'] } })}`);

    expect(looked[0]).to.deep.include({ amr: ['pwd', 'otp', 'mfa'], acr: 'urn:latchkey:acr:2' });
  });

  it('are accepted when an older secret signed them', async () => {
    const before = createAccessTokenIssuer({ ...options, keys: deriveKeys([olderSecret]).accessTokens });

    expect(await given().ask(`Bearer ${before(claims)}`)).to.have.property('sessionId', claims.sessionId);
  });

  it('are signed with the newest secret', () => {
    expect(() => jwt.verify(issue(claims), Buffer.from(secret))).not.to.throw();
    expect(() => jwt.verify(issue(claims), Buffer.from(olderSecret))).to.throw('invalid signature');
  });

  it('are accepted whatever the case of the scheme', async () => {
    for (const scheme of ['bearer', 'BEARER', 'Bearer  ']) {
      expect(await given().ask(`${scheme} ${issue(claims)}`)).to.have.property('id', claims.userId);
    }
  });

  describe('seen before', () => {
    const authorization = `Bearer ${issue(claims)}`;

    it("are resolved to the session's current user", async () => {
      const { ask, looked, principal } = given();

      await ask(authorization);
      const found = await ask(authorization);

      expect(looked).to.deep.equal([claims, claims]);
      expect(found).to.equal(principal);
    });

    it('are verified once, whatever the spacing of the header', async () => {
      const { verify } = jwt;
      let count = 0;
      jwt.verify = ((...parts: Parameters<typeof verify>) => {
        count++;
        verify(...parts);
      }) as typeof verify;
      try {
        const { ask } = given();
        const token = issue(claims);
        for (const spaces of [1, 2, 3000]) await ask(`Bearer${' '.repeat(spaces)}${token}`);
      } finally {
        jwt.verify = verify;
      }

      expect(count).to.equal(1);
    });

    it('are rejected once their session has ended', async () => {
      const found = [aPrincipal(), undefined];
      const checks = checksOf(async () => found.shift());
      const ask = () => pass(checks, aRequest(authorization));

      await ask();

      expect(await codeOf(ask)).to.equal('invalid_token');
    });

    it('are rejected once they expire', async () => {
      const { ask } = given();
      await ask(authorization);
      const now = Date.now;
      Date.now = () => now() + options.ttlSeconds * 1000;
      try {
        expect(await codeOf(() => ask(authorization))).to.equal('invalid_token');
      } finally {
        Date.now = now;
      }
    });
  });

  describe('that are invalid', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const [head = '', payload = '', signature = ''] = issue(claims).split('.');
    const none = encode({ alg: 'none', typ: 'at+jwt', kid });
    const past = Math.floor(Date.now() / 1000) - 1;
    const session = { id: claims.sessionId, generation: 0, secret: randomBytes(32) };
    const refreshToken = createRefreshTokens(deriveKeys([olderSecret])).make(session);
    const tokens: Record<string, string> = {
      'is expired': createAccessTokenIssuer({ ...options, ttlSeconds: -1 })(claims),
      'ended a second ago': forge({ payload: { exp: past } }),
      'ends this second': createAccessTokenIssuer({ ...options, ttlSeconds: 0 })(claims),
      'never ends': forge({ payload: { exp: undefined } }),
      'was issued at no time': forge({ payload: { iat: undefined } }),
      'is not valid yet': forge({ payload: { nbf: past + 60 } }),
      'is a refresh token': refreshToken,
      'has algorithm none and no signature': `${none}.${payload}.`,
      'has algorithm none and the signature of another': `${none}.${payload}.${signature}`,
      'has algorithm HS512': forge({ algorithm: 'HS512' }),
      'has algorithm HS384': forge({ algorithm: 'HS384' }),
      'has algorithm RS256': forge({ algorithm: 'RS256', key: rsa.privateKey }),
      'is cut short by a character': issue(claims).slice(0, -1),
      'is cut short by its signature': `${head}.${payload}`,
      'is cut short to an empty signature': `${head}.${payload}.`,
      'has another user in it': `${head}.${encode({ ...jwt.decode(issue(claims), { json: true }), sub: randomUUID() })}.${signature}`,
      'has another header': `${encode({ alg: 'HS256', typ: 'at+jwt', kid, extra: 1 })}.${payload}.${signature}`,
      'is of another issuer': forge({ payload: { iss: 'another' } }),
      'is of no issuer': forge({ payload: { iss: undefined } }),
      'is for another audience': forge({ payload: { aud: 'another' } }),
      'is for no audience': forge({ payload: { aud: undefined } }),
      'has no typ': forge({ header: { typ: undefined } }),
      'has the typ of any JWT': forge({ header: { typ: 'JWT' } }),
      'has no kid': forge({ header: { kid: undefined } }),
      'has an unknown kid': forge({ header: { kid: 'unknown' } }),
      'has the kid of the older secret': forge({ header: { kid: options.keys[1]!.id } }),
      'is signed with a secret that is not ours': forge({ key: 'somebody else has this secret 0123' }),
      'has no session': forge({ payload: { sid: undefined } }),
      'has no user': forge({ payload: { sub: undefined } }),
      'has a session that is no text': forge({ payload: { sid: 7 } }),
      'is one word': 'token',
      'is dots': '...',
      'has a header that is no JSON': `${Buffer.from('{').toString('base64url')}.${payload}.${signature}`,
    };
    for (const [what, token] of Object.entries(tokens)) {
      it(`are rejected: one that ${what}`, async () => {
        const { ask, looked } = given();

        expect(await codeOf(() => ask(`Bearer ${token}`))).to.equal('invalid_token');
        expect(looked, 'nobody is looked up by it').to.deep.equal([]);
      });
    }

    it('are accepted when they are like these but valid', async () => {
      for (const token of [forge(), forge({ payload: { nbf: past } }), `${head}.${payload}.${signature}`]) {
        expect(await given().ask(`Bearer ${token}`)).to.have.property('id', claims.userId);
      }
    });
  });

  const malformed = [
    undefined,
    '',
    'Bearer',
    'Bearer ',
    `Basic ${issue(claims)}`,
    `Bearer${issue(claims)}`,
    issue(claims),
    `Bearer ${issue(claims)} more`,
    `Bearer ${issue(claims)}, Bearer ${issue(claims)}`,
    `Bearer "${issue(claims)}"`,
    `Token Bearer ${issue(claims)}`,
  ];
  for (const header of malformed) {
    it(`are not found in ${header === undefined ? 'no header' : `"${header.slice(0, 12)}" of ${header.length}`}`, async () => {
      expect(await codeOf(() => given().ask(header))).to.equal('authentication_required');
    });
  }

  it('are rejected once the session is gone', async () => {
    const checks = checksOf(async () => undefined);

    expect(await codeOf(() => pass(checks, aRequest(`Bearer ${issue(claims)}`)))).to.equal('invalid_token');
  });

  it('pass on the error when the lookup fails', async () => {
    const fault = new Error('the database is away');
    const checks = checksOf(() => Promise.reject(fault));

    expect(await failureOf(() => pass(checks, aRequest(`Bearer ${issue(claims)}`)))).to.equal(fault);
  });

  it("aren't required where the contract has no security", () => {
    expect(checksOf(async () => undefined, 'getHealth')).to.deep.equal([]);
  });
});
