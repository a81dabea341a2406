import type { Handler } from '../../../http/operation.ts';
import type { SessionsService } from '../sessions.service.ts';

export function endOtherSessions(sessions: SessionsService): Handler<'endOtherSessions'> {
  return async ({ principal, client }) =>
    async (db) => {
      await sessions.endOwnOthers(db, principal, client);
      return { status: 204, headers: {}, body: undefined };
    };
}
