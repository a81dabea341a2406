import type { Handler } from '../../../http/operation.ts';
import { ServiceError } from '../../../platform/errors.ts';
import type { RefreshService } from '../refresh.service.ts';
import type { SessionCookies } from '../session-cookies.ts';
import { toWireAccessToken } from '../sessions.wire.ts';

export function continueBrowserSession(
  refreshing: Pick<RefreshService, 'refresh'>,
  cookies: SessionCookies,
): Handler<'continueBrowserSession'> {
  const ended = (code: ServiceError['code']) => new ServiceError(code, { cookies: [cookies.clearSession()] });
  return async ({ cookie, client }) => {
    const refreshToken = cookies.refreshTokenIn(cookie);
    if (refreshToken === undefined) throw ended('invalid_refresh_token');
    try {
      const tokens = await refreshing.refresh(refreshToken, client);
      return { status: 200, headers: { 'Set-Cookie': [cookies.keepSession(tokens)] }, body: toWireAccessToken(tokens) };
    } catch (error) {
      throw error instanceof ServiceError && endings.includes(error.code) ? ended(error.code) : error;
    }
  };
}

const endings: readonly string[] = ['invalid_refresh_token', 'refresh_token_reused'] satisfies ServiceError['code'][];
