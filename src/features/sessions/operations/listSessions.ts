import type { Handler } from '../../../http/operation.ts';
import type { SessionsService } from '../sessions.service.ts';
import { toWireSessions } from '../sessions.wire.ts';

export function listSessions(sessions: SessionsService): Handler<'listSessions'> {
  return async ({ principal }) => {
    const own = await sessions.listOwn(principal);
    return { status: 200, headers: {}, body: toWireSessions(own, principal.sessionId) };
  };
}
