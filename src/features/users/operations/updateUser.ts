import { ifMatch } from '../../../http/entity-tags.ts';
import type { Handler } from '../../../http/operation.ts';
import type { UsersService } from '../users.service.ts';
import { found } from '../users.wire.ts';

export function updateUser(users: UsersService): Handler<'updateUser'> {
  return async ({ params, headers, body, principal, client }) => {
    const changes = { fullName: body.full_name, role: body.role, isActive: body.is_active };
    const actor = { actorId: principal.id, client };
    return async (db) => found(await users.update(db, params.user_id, changes, ifMatch(headers['if-match']), actor));
  };
}
