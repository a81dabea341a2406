import type { Handler } from '../../../http/operation.ts';
import type { SessionsService } from '../sessions.service.ts';

export function endUserSessions(sessions: SessionsService): Handler<'endUserSessions'> {
  return async ({ params, principal, client }) =>
    async (db) => {
      await sessions.endAll(db, params.user_id, { actorId: principal.id, client });
      return { status: 204, headers: {}, body: undefined };
    };
}
