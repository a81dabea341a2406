/** Inserts sessions into the database, since signing in would take longer than the measurement. */
import pg from 'pg';
import { createAccessTokenIssuer } from '../../src/access/access-tokens.ts';
import { deriveKeys } from '../../src/platform/keys.ts';
import { parseSigningKeys } from '../../src/platform/signing-keys.ts';
import { createRefreshTokens } from '../../src/features/sessions/refresh-tokens.ts';

/** A session's tokens, signed with the server's own key. */
export interface BenchSession {
  readonly userId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Begins a session for each of `count` users, all of whom may list users, so that no two clients share a user. */
export async function beginSessions(
  variables: Record<string, string | undefined>,
  count: number,
): Promise<BenchSession[]> {
  return sessionsOf(
    variables,
    `with person as (
       update users set role = 'moderator'
       where id in (select id from users where role <> 'admin' order by email limit $1) returning id as user_id
     ), session as (
       insert into sessions (id, user_id, expires_at, secret)
       select gen_random_uuid(), user_id, now() + interval '1 day', sha256(uuid_send(gen_random_uuid())) from person
       returning user_id, id, secret
     )
     select * from session`,
    count,
  );
}

/** Picks `count` active sessions from all over the table. */
export function pickSessions(variables: Record<string, string | undefined>, count: number): Promise<BenchSession[]> {
  return sessionsOf(
    variables,
    `select user_id, sessions.id, secret from sessions join users on users.id = user_id
     where secret is not null and generation = 0 and ended_at is null and is_active order by random() limit $1`,
    count,
  );
}

async function sessionsOf(
  { DATABASE_URL, JWT_SECRETS = '', JWT_SIGNING_KEYS = '' }: Record<string, string | undefined>,
  query: string,
  count: number,
): Promise<BenchSession[]> {
  const keys = deriveKeys([JWT_SECRETS], parseSigningKeys(JWT_SIGNING_KEYS));
  const refreshTokens = createRefreshTokens(keys);
  const issue = createAccessTokenIssuer({
    keys: keys.accessTokens,
    issuer: 'latchkey',
    audience: 'latchkey',
    ttlSeconds: 900,
  });
  const client = new pg.Client({ connectionString: DATABASE_URL });
  await client.connect();
  try {
    const { rows } = await client.query<{ user_id: string; id: string; secret: Buffer }>(query, [count]);
    return rows.map(({ user_id: userId, id, secret }) => ({
      userId,
      accessToken: issue({
        userId,
        sessionId: id,
        authenticatedAt: new Date(),
        amr: ['pwd'],
        acr: 'urn:latchkey:acr:1',
      }),
      refreshToken: refreshTokens.make({ id, secret, generation: 0 }),
    }));
  } finally {
    await client.end();
  }
}

/** What `count` users sign in with, each another: attempts at one account at the same time would be taken for guesses. */
export async function credentialsOf(
  { DATABASE_URL, ADMIN_EMAIL, ADMIN_PASSWORD: password }: Record<string, string | undefined>,
  count: number,
): Promise<string[]> {
  const client = new pg.Client({ connectionString: DATABASE_URL });
  await client.connect();
  try {
    const { rows } = await client.query<{ email: string }>(
      `update users set password_hash = (select password_hash from users where email = $1)
      where id in (select id from users where role <> 'admin' and is_active order by email limit $2) returning email`,
      [ADMIN_EMAIL, count],
    );
    return rows.map(({ email }) => JSON.stringify({ email, password }));
  } finally {
    await client.end();
  }
}
