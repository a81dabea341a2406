import type { AccessTokenClaims } from '../../access/access-tokens.ts';
import type { RefreshTokens } from './refresh-tokens.ts';
import { acrOf, amrOf } from './session-methods.ts';
import type { SessionMethod } from './session.ts';

/** The tokens of a session. */
export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** How many seconds the access token lives. */
  readonly expiresIn: number;
  /** When the session ends, however often it is refreshed. */
  readonly sessionExpiresAt: Date;
}

/** A session that has just begun, with its first tokens. */
export interface BegunSession extends TokenPair {
  readonly sessionId: string;
}

/** What the tokens of a session are made of. */
export interface ContinuedSession {
  readonly id: string;
  readonly userId: string;
  readonly expiresAt: Date;
  readonly authenticatedAt: Date;
  /** How its user proved who they are then. */
  readonly methods: readonly SessionMethod[];
  /** Of the refresh token that continues it. */
  readonly generation: number;
  readonly secret: Buffer;
}

export type IssueTokens = (session: ContinuedSession) => TokenPair;

export function createTokenIssuer(
  refreshTokens: RefreshTokens,
  issueAccessToken: (claims: AccessTokenClaims) => string,
  accessTtlSeconds: number,
): IssueTokens {
  return (session) => ({
    accessToken: issueAccessToken({
      userId: session.userId,
      sessionId: session.id,
      authenticatedAt: session.authenticatedAt,
      amr: amrOf(session.methods),
      acr: acrOf(session.methods),
    }),
    refreshToken: refreshTokens.make(session),
    expiresIn: accessTtlSeconds,
    sessionExpiresAt: session.expiresAt,
  });
}
