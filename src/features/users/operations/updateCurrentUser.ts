import { ifMatch } from '../../../http/entity-tags.ts';
import type { Handler } from '../../../http/operation.ts';
import type { UsersService } from '../users.service.ts';
import { foundOwn } from '../users.wire.ts';

export function updateCurrentUser(users: UsersService): Handler<'updateCurrentUser'> {
  return async ({ principal, headers, body, client }) => {
    const changes = { fullName: body.full_name };
    const actor = { actorId: principal.id, client };
    return async (db) =>
      foundOwn(await users.update(db, principal.user.id, changes, ifMatch(headers['if-match']), actor));
  };
}
