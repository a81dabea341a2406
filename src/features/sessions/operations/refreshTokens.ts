import type { Handler } from '../../../http/operation.ts';
import type { RefreshService } from '../refresh.service.ts';
import { toWireTokens } from '../sessions.wire.ts';

export function refreshTokens(refreshing: RefreshService): Handler<'refreshTokens'> {
  return async ({ body, client }) => {
    const tokens = await refreshing.refresh(body.refresh_token, client);
    return { status: 200, headers: {}, body: toWireTokens(tokens) };
  };
}
