import { ifMatch } from '../../../http/entity-tags.ts';
import type { Handler } from '../../../http/operation.ts';
import type { UsersService } from '../users.service.ts';

export function deleteUser(users: UsersService): Handler<'deleteUser'> {
  return async ({ params, headers, principal, client }) =>
    async (db) => {
      await users.remove(db, params.user_id, ifMatch(headers['if-match']), { actorId: principal.id, client });
      return { status: 204, headers: {}, body: undefined };
    };
}
