import type { Handler } from '../../../http/operation.ts';
import { violation } from '../../../platform/violations.ts';
import type { InvitationsService } from '../../registration/invitations.service.ts';
import type { RegistrationService } from '../../registration/registration.service.ts';
import type { UsersService } from '../users.service.ts';
import { created } from '../users.wire.ts';

export function createUser(
  users: UsersService,
  registration: RegistrationService,
  invitations: InvitationsService,
): Handler<'createUser'> {
  return async ({ body: { email, password, full_name: fullName, role }, principal, client }) => {
    const isInvited = password === undefined;
    if (isInvited && !invitations.canInvite) {
      throw violation(['body', 'password'], 'required', 'is required, since this service sends no mail');
    }
    const prepared = await users.prepare({ email, password, fullName, role });
    return async (db) => {
      const user = await users.create(db, prepared, { actorId: principal.id, client });
      await (isInvited ? invitations.invite(db, user.email) : registration.requestVerification(db, user.email));
      return created(user);
    };
  };
}
