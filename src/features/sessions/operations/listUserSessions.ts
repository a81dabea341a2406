import type { Handler } from '../../../http/operation.ts';
import type { SessionsService } from '../sessions.service.ts';
import { toWireSessions } from '../sessions.wire.ts';

export function listUserSessions(sessions: SessionsService): Handler<'listUserSessions'> {
  return async ({ params, principal }) => {
    const found = await sessions.list(params.user_id);
    return { status: 200, headers: {}, body: toWireSessions(found, principal.sessionId) };
  };
}
