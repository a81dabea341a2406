import type { Handler } from '../../../http/operation.ts';
import type { RegistrationService } from '../../registration/registration.service.ts';
import type { UsersService } from '../users.service.ts';
import { created } from '../users.wire.ts';

export function createUser(users: UsersService, registration: RegistrationService): Handler<'createUser'> {
  return async ({ body: { email, password, full_name: fullName, role }, principal, client }) => {
    const prepared = await users.prepare({ email, password, fullName, role });
    return async (db) => {
      const user = await users.create(db, prepared, { actorId: principal.id, client });
      await registration.requestVerification(db, user.email);
      return created(user);
    };
  };
}
