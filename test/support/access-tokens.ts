/** Access tokens that the service would not have issued as they are. */
import jwt from 'jsonwebtoken';
import { createAccessTokenIssuer, type AccessTokenOptions } from '../../src/access/access-tokens.ts';
import type { SignedIn, TestApp } from './app.ts';

/** Issues a token for the person's session that differs in these ways from their own. */
export function reissue(
  app: TestApp,
  { accessToken }: SignedIn,
  { authenticatedAt = new Date(), ...options }: Partial<AccessTokenOptions> & { readonly authenticatedAt?: Date },
): string {
  const { sub, sid } = jwt.decode(accessToken) as { sub: string; sid: string };
  const issue = createAccessTokenIssuer({ ...app.context.features.sessions.accessTokens, ...options });
  return issue({ userId: sub, sessionId: sid, authenticatedAt });
}

/** A token of somebody who last proved who they are this many seconds ago. */
export function staleToken(app: TestApp, person: SignedIn, seconds: number): string {
  return reissue(app, person, { authenticatedAt: new Date(Date.now() - seconds * 1000) });
}
