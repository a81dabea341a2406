import { v7 as createId } from 'uuid';
import type { AccessTokenClaims } from '../../access/access-tokens.ts';
import { createRefreshToken, hashRefreshToken } from './refresh-tokens.ts';
import { batch } from '../../platform/database/batch.ts';
import type { Database, Db } from '../../platform/database/database.ts';
import { isContention } from '../../platform/database/errors.ts';
import { ServiceError } from '../../platform/errors.ts';
import type { Log } from '../../platform/log/log.ts';
import type { Client } from '../../access/client.ts';
import type { UserPrincipal } from '../../access/principal.ts';
import type { User } from '../../access/user.ts';
import type * as sessionsRepository from './sessions.repository.ts';
import type { Rotation } from './sessions.repository.ts';

/** The tokens of a session. */
export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** How many seconds the access token lives. */
  readonly expiresIn: number;
}

/** What became of a refresh token; `expired` is one whose session no longer stands, `failed` no fault of the client's. */
export type RefreshOutcome = (typeof refreshOutcomes)[number];

export const refreshOutcomes = ['rotated', 'reused', 'expired', 'invalid', 'failed'] as const;

export interface SessionsServiceParts {
  readonly database: Pick<Database, 'pool'>;
  readonly sessions: typeof sessionsRepository;
  readonly issueAccessToken: (claims: AccessTokenClaims) => string;
  readonly accessTtlSeconds: number;
  readonly refreshTtlSeconds: number;
  readonly log: Log;
  readonly record: (outcome: RefreshOutcome) => void;
}

export type SessionsService = ReturnType<typeof createSessionsService>;

/** Sessions: started by a login, continued by refreshes, ended by a logout, a deactivation or expiry. */
export function createSessionsService(parts: SessionsServiceParts) {
  const { database, sessions, issueAccessToken, accessTtlSeconds, refreshTtlSeconds, log, record } = parts;
  const findUser = batch((sessionIds: readonly string[]) => sessions.findSessionUsers(database.pool, sessionIds));
  const rotate = batch(
    (rotations: readonly Rotation[]) => sessions.rotateRefreshTokens(database.pool, rotations),
    isContention,
  );

  function tokens(claims: AccessTokenClaims, refreshToken: string): TokenPair {
    return { accessToken: issueAccessToken(claims), refreshToken, expiresIn: accessTtlSeconds };
  }

  async function endIfReused(tokenHash: Buffer): Promise<'reused' | 'invalid'> {
    const sessionId = await sessions.findRefreshTokenSession(database.pool, tokenHash);
    if (sessionId === undefined) return 'invalid';
    await sessions.endSession(database.pool, sessionId);
    log.warn({ event: 'refresh_token_reused', session_id: sessionId }, 'a refresh token was used twice');
    return 'reused';
  }

  return {
    /**
     * Begins a session of a user who has just proved who they are by a password. Throws `account_disabled` if the user was deactivated
     * or deleted meanwhile.
     */
    async begin(db: Db, { id: userId }: Pick<User, 'id'>, client: Client): Promise<TokenPair> {
      const sessionId = createId();
      const refreshToken = createRefreshToken();
      const session = { id: sessionId, userId, ttlSeconds: refreshTtlSeconds, methods: ['password'], client };
      const begun = await sessions.insertSession(db, session);
      if (!begun) throw new ServiceError('account_disabled');
      await sessions.insertRefreshToken(db, hashRefreshToken(refreshToken), sessionId);
      return tokens({ userId, sessionId, authenticatedAt: new Date() }, refreshToken);
    },

    /**
     * Exchanges a refresh token (RFC 6749, section 6) and rotates it (RFC 9700, section 4.14.2): a token that was used before ends
     * its session. Throws `invalid_refresh_token`.
     */
    async refresh(refreshToken: string): Promise<TokenPair> {
      const usedHash = hashRefreshToken(refreshToken);
      const next = createRefreshToken();
      try {
        const rotated = await rotate({ usedHash, nextHash: hashRefreshToken(next) });
        if (rotated?.user) {
          record('rotated');
          const { user, sessionId, authenticatedAt } = rotated;
          return tokens({ userId: user.id, sessionId, authenticatedAt }, next);
        }
        record(rotated ? 'expired' : await endIfReused(usedHash));
      } catch (error) {
        record('failed');
        throw error;
      }
      throw new ServiceError('invalid_refresh_token');
    },

    /** Who an access token stands for now; nothing when its session ended or its user may not sign in any more. */
    async authenticate(claims: AccessTokenClaims): Promise<UserPrincipal | undefined> {
      const { userId, sessionId, authenticatedAt } = claims;
      const user = await findUser(sessionId);
      return user?.id === userId ? { kind: 'user', id: userId, user, sessionId, authenticatedAt } : undefined;
    },

    async end(sessionId: string): Promise<void> {
      await sessions.endSession(database.pool, sessionId);
    },

    endAllOf: (db: Db, userId: string): Promise<void> => sessions.endSessionsOfUser(db, userId),

    /** Ends the user's sessions except one, which outlives a change of credentials that was made before in the same transaction. */
    endOthers: (db: Db, userId: string, sessionId: string): Promise<void> =>
      sessions.endOtherSessionsOfUser(db, userId, sessionId),
  };
}
