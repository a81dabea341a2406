/** Rotates refresh tokens with only the statement of one refresh, and prints the rate per second. */
import pg from 'pg';
import { createRefreshToken, hashRefreshToken } from '../../../src/features/sessions/refresh-tokens.ts';
import { beginSessions } from '../sessions.ts';

const seconds = Number(process.argv[2]);
const pool = new pg.Pool({
  connectionString: process.env['DATABASE_URL'],
  max: Number(process.env['DATABASE_POOL_MAX']),
});
const clients = 32;

const exchange = {
  name: 'exchange',
  text: `with used as (
      update refresh_tokens set used_at = now() where token_hash = $1 and used_at is null returning session_id
    ), standing as (
      select u.id, u.email, u.full_name, u.role, u.is_active, u.version, u.created_at, u.updated_at, s.id as session_id
      from sessions s join users u on u.id = s.user_id
      where u.is_active and u.deleted_at is null and s.ended_at is null and s.expires_at > now()
        and s.id in (select session_id from used)
    ), next as (
      insert into refresh_tokens (token_hash, session_id) select $2::bytea, session_id from standing
    )
    select used.session_id as used_session_id, standing.*
    from used left join standing on standing.session_id = used.session_id`,
};

async function rotate(token: Buffer, deadline: number): Promise<{ token: Buffer; count: number }> {
  let count = 0;
  for (; performance.now() < deadline; count++) {
    const next = hashRefreshToken(createRefreshToken());
    const { rows } = await pool.query<{ id: string | null }>({ ...exchange, values: [token, next] });
    if (!rows[0]?.id) throw new Error('a token was not exchanged');
    token = next;
  }
  return { token, count };
}

async function rotateAll(tokens: readonly Buffer[], seconds: number) {
  const began = performance.now();
  const rotated = await Promise.all(tokens.map((token) => rotate(token, began + seconds * 1000)));
  const count = rotated.reduce((sum, one) => sum + one.count, 0);
  return { tokens: rotated.map(({ token }) => token), perSecond: (count / (performance.now() - began)) * 1000 };
}

const warmUpSeconds = 1;
const begun = await beginSessions(process.env, clients);
const firstTokens = begun.map(({ refreshToken }) => hashRefreshToken(refreshToken));
const { tokens } = await rotateAll(firstTokens, warmUpSeconds);
const { perSecond } = await rotateAll(tokens, seconds);
process.stdout.write(String(perSecond));
await pool.end();
