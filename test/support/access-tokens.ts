/** Access tokens that the service would not have issued as they are. */
import jwt from 'jsonwebtoken';
import {
  createAccessTokenIssuer,
  type AccessTokenClaims,
  type AccessTokenOptions,
} from '../../src/access/access-tokens.ts';
import type { SignedIn, TestApp } from './app.ts';

/** The id of the session of an access token. */
export function sessionOf(accessToken: string): string {
  return (jwt.decode(accessToken) as { sid: string }).sid;
}

/** Issues a token for the person's session that differs in these ways from their own. */
export function reissue(
  app: TestApp,
  { accessToken }: Pick<SignedIn, 'accessToken'>,
  {
    authenticatedAt = new Date(),
    acr,
    ...options
  }: Partial<AccessTokenOptions> & Partial<Pick<AccessTokenClaims, 'authenticatedAt' | 'acr'>>,
): string {
  const { sub } = jwt.decode(accessToken) as { sub: string };
  const issue = createAccessTokenIssuer({ ...app.context.features.sessions.accessTokens, ...options });
  const own = jwt.decode(accessToken) as Pick<AccessTokenClaims, 'amr' | 'acr'>;
  return issue({ userId: sub, sessionId: sessionOf(accessToken), authenticatedAt, amr: own.amr, acr: acr ?? own.acr });
}

/** A token of somebody who last proved who they are this many seconds ago. */
export function staleToken(app: TestApp, person: Pick<SignedIn, 'accessToken'>, seconds: number): string {
  return reissue(app, person, { authenticatedAt: new Date(Date.now() - seconds * 1000) });
}
