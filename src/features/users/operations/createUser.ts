import type { Handler } from '../../../http/operation.ts';
import type { UsersService } from '../users.service.ts';
import { created } from '../users.wire.ts';

export function createUser(users: UsersService): Handler<'createUser'> {
  return async ({ body: { email, password, full_name: fullName, role }, principal, client }) => {
    const prepared = await users.prepare({ email, password, fullName, role });
    return async (db) => created(await users.create(db, prepared, { actorId: principal.id, client }));
  };
}
