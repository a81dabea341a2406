import type { Handler } from '../../../http/operation.ts';
import type { SessionsService } from '../sessions.service.ts';

export function endSession(sessions: SessionsService): Handler<'endSession'> {
  return async ({ params, principal, client }) =>
    async (db) => {
      await sessions.end(db, principal, params.session_id, client);
      return { status: 204, headers: {}, body: undefined };
    };
}
