/** A service that accepts Latchkey's access tokens. */
import { createServer } from 'node:http';
import process from 'node:process';
import { URL } from 'node:url';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';

/* global fetch */

const { LATCHKEY_URL = 'http://127.0.0.1:8000', JWT_ISSUER = 'latchkey', JWT_AUDIENCE = 'latchkey' } = process.env;

const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', LATCHKEY_URL), {
  cacheMaxAge: 300_000,
  // A token with an unknown key makes it fetch the keys again, but at most this often.
  cooldownDuration: 30_000,
  timeoutDuration: 5000,
});

const expected = {
  issuer: JWT_ISSUER,
  audience: JWT_AUDIENCE,
  // Other JWTs of the same issuer are not access tokens.
  typ: 'at+jwt',
  algorithms: ['ES256', 'RS256'],
  requiredClaims: ['exp', 'iat', 'sub', 'sid'],
};

/** Verifies locally. An ended session passes until its access token expires, after 15 minutes at most. */
async function authenticate(token) {
  const { payload } = await jwtVerify(token, keys, expected);
  return { user_id: payload.sub, session_id: payload.sid };
}

/** Asks Latchkey, which knows whether the session has just ended, and which role the user has now. */
async function authenticateNow(token) {
  await authenticate(token);
  const answer = await fetch(new URL('/api/v1/auth/me', LATCHKEY_URL), {
    headers: { Authorization: `Bearer ${token}` },
  });
  if (answer.status === 401) throw new errors.JWTInvalid('the session has ended');
  if (!answer.ok) throw new Error(`Latchkey answered ${answer.status}`);
  const { id, role } = await answer.json();
  return { user_id: id, role };
}

const server = createServer(async (request, response) => {
  const send = (status, body, headers = {}) =>
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
  const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (!token) return send(401, { error: 'no access token' }, { 'WWW-Authenticate': 'Bearer' });
  try {
    send(200, await (request.url === '/sensitive' ? authenticateNow(token) : authenticate(token)));
  } catch (error) {
    // Refuses a token for whatever is wrong with it, but not because Latchkey can't be reached.
    const isRefused =
      error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout) && error.code !== 'ERR_JOSE_GENERIC';
    if (isRefused) send(401, { error: 'invalid access token' }, { 'WWW-Authenticate': 'Bearer error="invalid_token"' });
    else send(503, { error: 'try again later' });
  }
});
server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  process.stdout.write(`listening on ${server.address().port}\n`);
});
