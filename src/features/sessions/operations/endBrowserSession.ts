import type { Handler } from '../../../http/operation.ts';
import type { RefreshService } from '../refresh.service.ts';
import type { SessionCookies } from '../session-cookies.ts';
import type { SessionsService } from '../sessions.service.ts';

export function endBrowserSession(
  sessions: Pick<SessionsService, 'signOut'>,
  refreshing: Pick<RefreshService, 'sessionOf'>,
  cookies: SessionCookies,
): Handler<'endBrowserSession'> {
  return async ({ cookie, client }) => {
    const refreshToken = cookies.refreshTokenIn(cookie);
    return async (db) => {
      const session = refreshToken === undefined ? undefined : await refreshing.sessionOf(db, refreshToken);
      if (session) await sessions.signOut(db, { id: session.userId, sessionId: session.id }, client);
      return { status: 204, headers: { 'Set-Cookie': [cookies.clearSession()] }, body: undefined };
    };
  };
}
