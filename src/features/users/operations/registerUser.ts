import type { Handler } from '../../../http/operation.ts';
import type { Config } from '../../../platform/config/config.ts';
import { ServiceError } from '../../../platform/errors.ts';
import type { RegistrationService } from '../../registration/registration.service.ts';
import type { UsersService } from '../users.service.ts';
import { created } from '../users.wire.ts';

export function registerUser(
  users: UsersService,
  registration: RegistrationService,
  mode: Config['registration'],
): Handler<'registerUser'> {
  return async ({ body: { email, password, full_name: fullName }, client }) => {
    if (mode === 'closed') throw new ServiceError('registration_closed');
    const prepared = await users.prepare({ email, password, fullName, role: 'user' });
    if (mode === 'verified') {
      // The same for every address: the job that sends the mail finds out whether somebody has it.
      return async (db) => {
        await registration.hold(db, prepared);
        return { status: 202, headers: {}, body: undefined, shows: null };
      };
    }
    return async (db) => {
      const user = await users.register(db, { ...prepared, isProvisional: true }, { client });
      await registration.requestVerification(db, user.email);
      return created(user);
    };
  };
}
