/** Inserts sessions into the database, since signing in would take longer than the measurement. */
import pg from 'pg';
import { createAccessTokenIssuer } from '../../src/access/access-tokens.ts';
import { deriveKeys } from '../../src/platform/keys.ts';
import { createRefreshToken, hashRefreshToken } from '../../src/features/sessions/refresh-tokens.ts';

/** A session's tokens, signed with the server's own secret. */
export interface BenchSession {
  readonly userId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Begins a session for each of `count` users, all of whom may list users, so that no two clients share a user. */
export async function beginSessions(
  { DATABASE_URL, JWT_SECRETS = '' }: Record<string, string | undefined>,
  count: number,
): Promise<BenchSession[]> {
  const issue = createAccessTokenIssuer({
    keys: deriveKeys([JWT_SECRETS]).accessTokens,
    issuer: 'latchkey',
    audience: 'latchkey',
    ttlSeconds: 900,
  });
  const refreshTokens = Array.from({ length: count }, createRefreshToken);
  const client = new pg.Client({ connectionString: DATABASE_URL });
  await client.connect();
  try {
    const { rows } = await client.query<{ user_id: string; session_id: string }>(
      `with person as (
         update users set role = 'moderator'
         where id in (select id from users where role <> 'admin' order by email limit $1) returning id as user_id
       ), session as (
         insert into sessions (id, user_id, expires_at)
         select gen_random_uuid(), user_id, now() + interval '1 day' from person returning user_id, id as session_id
       )
       select * from session`,
      [count],
    );
    await client.query(
      `insert into refresh_tokens (token_hash, session_id) select * from unnest($1::bytea[], $2::uuid[])`,
      [refreshTokens.map(hashRefreshToken), rows.map(({ session_id: sessionId }) => sessionId)],
    );
    return rows.map(({ user_id: userId, session_id: sessionId }, index) => ({
      userId,
      accessToken: issue({ userId, sessionId, authenticatedAt: new Date() }),
      refreshToken: refreshTokens[index] ?? '',
    }));
  } finally {
    await client.end();
  }
}
