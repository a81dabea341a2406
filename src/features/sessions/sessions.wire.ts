import type { components } from '../../../generated/openapi.ts';
import { describeClient } from './client-description.ts';
import type { Session } from './session.ts';
import type { TokenPair } from './token-pair.ts';

/** The one place where tokens become what clients see. */
export function toWireTokens(tokens: TokenPair): components['schemas']['TokenPair'] {
  return {
    access_token: tokens.accessToken,
    refresh_token: tokens.refreshToken,
    token_type: 'Bearer',
    expires_in: tokens.expiresIn,
  };
}

/** What scripts see of the tokens of a browser session. */
export function toWireAccessToken(tokens: TokenPair): components['schemas']['AccessToken'] {
  return { access_token: tokens.accessToken, token_type: 'Bearer', expires_in: tokens.expiresIn };
}

/** The one place where a session becomes what clients see; `currentId` is that of the session they ask with. */
export function toWireSessions(sessions: readonly Session[], currentId: string): components['schemas']['SessionList'] {
  return {
    items: sessions.map((session) => ({
      id: session.id,
      created_at: session.createdAt.toISOString(),
      last_used_at: session.lastUsedAt.toISOString(),
      expires_at: session.expiresAt.toISOString(),
      client: { ...describeClient(session.userAgent) },
      ip_address: session.address ?? null,
      methods: [...session.methods],
      is_current: session.id === currentId,
    })),
  };
}
