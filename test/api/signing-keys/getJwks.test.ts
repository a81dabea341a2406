import { expect } from 'chai';
import { createPublicKey } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { parseSigningKeys, type PublicJwk } from '../../../src/platform/signing-keys.ts';
import { useApp, useSecondApp } from '../../support/app.ts';
import { aKey } from '../../support/signing-keys.ts';

interface PublishedKeys {
  readonly keys: readonly PublicJwk[];
}

const later = new Date(Date.now() + 3_600_000);
const text = aKey() + aKey(later, 'RS256');

describe('getJwks', () => {
  const app = useApp({ env: { JWT_SIGNING_KEYS: text, CORS_ORIGINS: 'https://app.example' } });
  const withSecret = useSecondApp(app, {});

  it('lists every key, even one that does not sign yet', async () => {
    const { body } = await app.send('get', '/.well-known/jwks.json');

    const listed = (body as PublishedKeys).keys.map(({ kid, alg }) => [kid, alg]);
    expect(listed).to.deep.equal(parseSigningKeys(text).map(({ id, algorithm }) => [id, algorithm]));
  });

  it('verifies the access token of a sign-in', async () => {
    const { accessToken } = await app.signIn();
    const { body } = await app.send('get', '/.well-known/jwks.json');

    const { header } = jwt.decode(accessToken, { complete: true })!;
    const key = (body as PublishedKeys).keys.find(({ kid }) => kid === header.kid)!;
    const verify = () =>
      jwt.verify(accessToken, createPublicKey({ key: { ...key }, format: 'jwk' }), { algorithms: [key.alg] });
    expect(verify).not.to.throw();
    expect((await app.send('get', '/auth/me', { token: accessToken })).status).to.equal(200);
  });

  it('reveals nothing private, and nothing about the secrets', async () => {
    const { bytes } = await app.send('get', '/.well-known/jwks.json');

    expect(bytes.toString()).not.to.match(/"(d|p|q|dp|dq|qi|k)":/);
    expect(bytes.toString()).not.to.include('HS256');
  });

  it('lists nothing where a secret signs', async () => {
    expect((await withSecret.send('get', '/.well-known/jwks.json')).body).to.deep.equal({ keys: [] });
  });

  it('may be cached for five minutes, by pages of any origin too', async () => {
    for (const origin of ['https://app.example', 'https://elsewhere.example']) {
      const { headers } = await app.send('get', '/.well-known/jwks.json', { headers: { Origin: origin } });

      expect(headers['cache-control']).to.equal('public, max-age=300');
      expect(headers['access-control-allow-origin']).to.equal('*');
      expect(headers['set-cookie']).to.equal(undefined);
    }
  });

  it('answers 304 to clients that have it, and with the list to others', async () => {
    const { headers } = await app.send('get', '/.well-known/jwks.json');
    const ask = (tag: string) => app.send('get', '/.well-known/jwks.json', { headers: { 'If-None-Match': tag } });

    const kept = await ask(`"another", ${headers['etag']!}`);
    expect([kept.status, kept.bytes.length]).to.deep.equal([304, 0]);
    expect(kept.headers['cache-control']).to.equal('public, max-age=300');
    expect((await ask('"another"')).status).to.equal(200);
  });

  it('needs no token, and has no rate limit', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => app.send('get', '/.well-known/jwks.json', { token: 'x' })),
    );

    expect(answers.map(({ status }) => status)).to.deep.equal(Array(20).fill(200));
    expect(answers[0]!.headers['ratelimit']).to.equal(undefined);
  });

  it('is served only at its well-known path', async () => {
    expect((await app.sendOutside('get', '/api/v1/.well-known/jwks.json')).status).to.equal(404);
    expect((await app.sendOutside('get', '/.well-known/jwks.json/')).status).to.equal(404);
    expect((await app.sendOutside('post', '/.well-known/jwks.json')).status).to.equal(405);
  });
});
