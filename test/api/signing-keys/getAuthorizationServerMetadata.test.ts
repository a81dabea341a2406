import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { useApp, useSecondApp } from '../../support/app.ts';
import { aKey } from '../../support/signing-keys.ts';

const place = '/.well-known/oauth-authorization-server';

describe('getAuthorizationServerMetadata', () => {
  const app = useApp({ env: { JWT_SIGNING_KEYS: aKey(), JWT_ISSUER: 'https://latchkey.test' } });
  const usual = useSecondApp(app, {});

  it('names the issuer of access tokens, and where its keys are', async () => {
    const { accessToken } = await app.signIn();
    const { body } = await app.send('get', place);

    expect(body).to.deep.equal({
      issuer: (jwt.decode(accessToken) as jwt.JwtPayload).iss,
      jwks_uri: 'https://latchkey.test/.well-known/jwks.json',
      service_documentation: 'https://latchkey.test/docs',
      response_types_supported: [],
      grant_types_supported: [],
    });
  });

  it('gives the issuer as it is, even if it is not a URL', async () => {
    expect((await usual.send('get', place)).body).to.include({ issuer: 'latchkey' });
  });

  it('may be cached, and answers 304 to clients that have it', async () => {
    const { headers } = await app.send('get', place);
    const again = await app.send('get', place, { headers: { 'If-None-Match': headers['etag']! } });

    expect(headers['cache-control']).to.equal('public, max-age=300');
    expect([again.status, again.bytes.length]).to.deep.equal([304, 0]);
  });
});
