/** Refreshes without a server: tokens of sessions in a database. */
import { createRefreshTokens, type RefreshToken } from '../../../src/features/sessions/refresh-tokens.ts';
import { refreshSessions, type RefreshLimits } from '../../../src/features/sessions/refresh.repository.ts';
import type { ContinuedSession } from '../../../src/features/sessions/token-pair.ts';
import type { Db } from '../../../src/platform/database/database.ts';
import { deriveKeys } from '../../../src/platform/keys.ts';
import { aHash, aSession, aUser } from '../factories.ts';

export const refreshTokens = createRefreshTokens(deriveKeys(['a signing secret for tests only']));
export const limits: RefreshLimits = { idleSeconds: 86_400, graceSeconds: 30 };

/** A session and its first token. */
export interface GivenToken {
  readonly session: string;
  readonly user: string;
  readonly secret: Buffer;
  readonly token: RefreshToken;
}

export async function aToken(db: Db, user?: string): Promise<GivenToken> {
  const secret = aHash();
  const owner = user ?? (await aUser(db)).id;
  const session = await aSession(db, owner, { secret });
  return { session, user: owner, secret, token: tokenOf({ session, secret }) };
}

export function tokenOf({ session, secret }: Pick<GivenToken, 'session' | 'secret'>, generation = 0): RefreshToken {
  return refreshTokens.read(refreshTokens.make({ id: session, secret, generation }))!;
}

export async function refresh(
  db: Db,
  token: RefreshToken,
  changes: Partial<RefreshLimits> = {},
): Promise<ContinuedSession | undefined> {
  return (await refreshSessions(db, [token], { ...limits, ...changes }))[0];
}

/** Pretends that the session was last refreshed so long ago. */
export async function lastUsed(db: Db, session: string, secondsAgo: number): Promise<void> {
  await db('sessions')
    .where({ id: session })
    .update({ last_used_at: db.raw(`now() - ? * interval '1 second'`, [secondsAgo]) });
}
