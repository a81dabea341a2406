/** Rotates refresh tokens with only the statement of one refresh, and prints the rate per second. */
import pg from 'pg';
import { createRefreshTokens } from '../../../src/features/sessions/refresh-tokens.ts';
import { deriveKeys } from '../../../src/platform/keys.ts';
import { beginSessions } from '../sessions.ts';

const seconds = Number(process.argv[2]);
const pool = new pg.Pool({
  connectionString: process.env['DATABASE_URL'],
  max: Number(process.env['DATABASE_POOL_MAX']),
});
const clients = 32;
const refreshTokens = createRefreshTokens(deriveKeys([process.env['JWT_SECRETS'] ?? '']));

const exchange = {
  name: 'exchange',
  text: `update sessions set generation = generation + 1, last_used_at = now()
    from users
    where users.id = user_id and users.is_active and users.deleted_at is null and ended_at is null and expires_at > now()
      and sessions.id = $1 and generation = $2 and sha256($3 || secret) = $4
    returning sessions.id, generation, secret`,
};

async function rotate(token: string, deadline: number): Promise<{ token: string; count: number }> {
  let count = 0;
  for (; performance.now() < deadline; count++) {
    const used = refreshTokens.read(token);
    const values = [used?.sessionId, used?.generation, used?.proofs[0], used?.tag];
    const { rows } = await pool.query<{ id: string; generation: number; secret: Buffer }>({ ...exchange, values });
    if (!rows[0]) throw new Error('a token was not exchanged');
    token = refreshTokens.make(rows[0]);
  }
  return { token, count };
}

async function rotateAll(tokens: readonly string[], seconds: number) {
  const began = performance.now();
  const rotated = await Promise.all(tokens.map((token) => rotate(token, began + seconds * 1000)));
  const count = rotated.reduce((sum, one) => sum + one.count, 0);
  return { tokens: rotated.map(({ token }) => token), perSecond: (count / (performance.now() - began)) * 1000 };
}

const warmUpSeconds = 1;
const begun = await beginSessions(process.env, clients);
const firstTokens = begun.map(({ refreshToken }) => refreshToken);
const { tokens } = await rotateAll(firstTokens, warmUpSeconds);
const { perSecond } = await rotateAll(tokens, seconds);
process.stdout.write(String(perSecond));
await pool.end();
