import type { Handler } from '../../../http/operation.ts';
import type { SessionsService } from '../sessions.service.ts';

export function logout(sessions: SessionsService): Handler<'logout'> {
  return async ({ principal, client }) =>
    async (db) => {
      await sessions.signOut(db, principal, client);
      return { status: 204, headers: {}, body: undefined };
    };
}
