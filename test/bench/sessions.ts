/** Sessions for refreshes, put into the database: signing in would take longer than what is measured. */
import pg from 'pg';
import { createRefreshToken, hashRefreshToken } from '../../src/crypto/refresh-tokens.ts';

/** Begins sessions of the administrator; gives the refresh token of each. */
export async function beginSessions(databaseUrl: string, count: number): Promise<string[]> {
  const tokens = Array.from({ length: count }, createRefreshToken);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      `with token as (
         select token_hash, gen_random_uuid() as session_id from unnest($1::bytea[]) as token_hash
       ), session as (
         insert into sessions (id, user_id, expires_at)
         select token.session_id, users.id, now() + interval '1 day' from token, users where users.role = 'admin'
       )
       insert into refresh_tokens (token_hash, session_id) select token_hash, session_id from token`,
      [tokens.map(hashRefreshToken)],
    );
  } finally {
    await client.end();
  }
  return tokens;
}
