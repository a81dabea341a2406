import type { Handler } from '../../../http/operation.ts';
import type { UsersService } from '../users.service.ts';
import { found } from '../users.wire.ts';

export function getUser(users: UsersService): Handler<'getUser'> {
  return async ({ principal, params }) => found(await users.get(params.user_id, principal.user));
}
