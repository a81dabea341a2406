/** The users service among users that a test names. */
import { createSecretKey } from 'node:crypto';
import type { User } from '../../../src/access/user.ts';
import { createPasswordPolicy } from '../../../src/features/passwords/password-policy.ts';
import { createUserCursors } from '../../../src/features/users/user-cursor.ts';
import type { UserChanges } from '../../../src/features/users/users.repository.ts';
import { createUsersService, type NewUser, type Precondition } from '../../../src/features/users/users.service.ts';
import { database, stubSessions, stubUsers, transaction, watchedPasswords } from '../stubs.ts';

const check = createPasswordPolicy({ minLength: 8, maxLength: 128 });
const cursors = createUserCursors([createSecretKey(Buffer.alloc(32, 7))]);

export const always: Precondition = () => true;
export const never: Precondition = () => false;
/** An id that no user has. */
export const nobody = '01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11';

/** What changes users does so in the stub's transaction. */
export function given(...present: User[]) {
  const users = stubUsers(...present);
  const sessions = stubSessions(...present);
  const { passwords, hashed } = watchedPasswords();
  const forgotten: string[] = [];
  const real = createUsersService({
    database,
    users: users.repository,
    sessions: { endAllOf: sessions.repository.endSessionsOfUser },
    idempotency: {
      async forget(db, userId) {
        forgotten.push(`${userId} ${db === transaction ? 'in transaction' : 'by itself'}`);
      },
    },
    passwords: { ...passwords, check },
    cursors,
  });
  const service = {
    ...real,
    create: async (user: NewUser) => real.create(transaction, await real.prepare(user)),
    update: (id: string, changes: UserChanges, precondition: Precondition) =>
      real.update(transaction, id, changes, precondition),
    remove: (id: string, precondition: Precondition) => real.remove(transaction, id, precondition),
  };
  return { service, users, sessions, forgotten, passwords, hashed };
}

export function newUser(changes: Partial<NewUser> = {}): NewUser {
  return { email: 'vera@example.com', password: 'seven green kites', fullName: 'Vera Stone', role: 'user', ...changes };
}
