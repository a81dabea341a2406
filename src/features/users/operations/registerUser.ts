import type { Handler } from '../../../http/operation.ts';
import type { UsersService } from '../users.service.ts';
import { created } from '../users.wire.ts';

export function registerUser(users: UsersService): Handler<'registerUser'> {
  return async ({ body: { email, password, full_name: fullName }, client }) => {
    const prepared = await users.prepare({ email, password, fullName, role: 'user' });
    return async (db) => created(await users.register(db, prepared, { client }));
  };
}
