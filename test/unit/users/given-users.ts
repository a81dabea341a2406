/** The users service with given users. */
import { createSecretKey } from 'node:crypto';
import type { User } from '../../../src/access/user.ts';
import type { Actor, AuditEvent } from '../../../src/features/audit/audit-event.ts';
import { createUserCursors } from '../../../src/features/users/user-cursor.ts';
import type * as listsRepository from '../../../src/features/users/users.lists.repository.ts';
import type * as usersRepository from '../../../src/features/users/users.repository.ts';
import type * as searchRepository from '../../../src/features/users/users.search.repository.ts';
import type { FoundUsers } from '../../../src/features/users/users.search.repository.ts';
import type { UserChanges } from '../../../src/features/users/users.repository.ts';
import { createUserListsService } from '../../../src/features/users/users.lists.service.ts';
import {
  createUsersService,
  type NewUser,
  type Precondition,
  type UsersServiceParts,
} from '../../../src/features/users/users.service.ts';
import { ServiceError } from '../../../src/platform/errors.ts';
import { aClient } from '../../support/a-client.ts';
import { aUser } from '../access/a-user.ts';
import { aPasswordsService } from '../passwords/a-policy.ts';
import { watchedPasswords } from '../passwords/watched-passwords.ts';
import { database, requireTransaction, transaction } from '../platform/stub-database.ts';

const cursors = createUserCursors([createSecretKey(Buffer.alloc(32, 7))]);

/** Who does it all. */
export const actor: Actor = { actorId: 'somebody', client: aClient() };

export const always: Precondition = () => true;
export const never: Precondition = () => false;

type Notice = Parameters<UsersServiceParts['notices']['send']>[1];

/** The service, which must change users in the stub's transaction; `endedFor` and `forgotten` are user ids. */
export function given(...present: User[]) {
  const { repository, lists, search, rows, hashes } = stubRepository(present);
  const { passwords, hashed } = watchedPasswords();
  const [endedFor, forgotten] = [new Set<string>(), new Set<string>()];
  const [events, notices]: [AuditEvent[], Notice[]] = [[], []];
  const noteIn = (ids: Set<string>) => async (db: typeof transaction, id: string) => {
    requireTransaction(db);
    ids.add(id);
  };
  const real = createUsersService({
    database,
    users: repository,
    audit: {
      async record(db, event) {
        requireTransaction(db);
        events.push(event);
      },
    },
    sessions: { endAllOf: noteIn(endedFor) },
    idempotency: { forget: noteIn(forgotten) },
    notices: {
      async send(db, notice) {
        requireTransaction(db);
        notices.push(notice);
      },
    },
    passwords: aPasswordsService(passwords),
  });
  const service = {
    ...real,
    ...createUserListsService({ database, lists, search, cursors }),
    create: async (user: NewUser) => real.create(transaction, await real.prepare(user), actor),
    update: (id: string, changes: UserChanges, precondition: Precondition) =>
      real.update(transaction, id, changes, precondition, actor),
    remove: (id: string, precondition: Precondition) => real.remove(transaction, id, precondition, actor),
  };
  return { service, repository, rows, hashes, endedFor, forgotten, events, notices, passwords, hashed };
}

/** The service of lists, each of whose searches finds the same. */
export function givenASearch(found: FoundUsers) {
  const { lists } = stubRepository([]);
  const search = { searchUsers: async () => found };
  return { service: createUserListsService({ database, lists, search, cursors }), cursors };
}

export function newUser(changes: Partial<NewUser> = {}): NewUser {
  return { email: 'vera@example.com', password: 'seven green kites', fullName: 'Vera Stone', role: 'user', ...changes };
}

/** Keeps users in memory. */
function stubRepository(present: User[]) {
  const rows = new Map(present.map((user) => [user.id, user]));
  const hashes = new Map<string, string>();
  const byEmail = (email: string) => [...rows.values()].find((user) => user.email === email);
  const activeAdmins = () => [...rows.values()].filter(({ role, isActive }) => role === 'admin' && isActive);
  const repository: typeof usersRepository = {
    async insertUser(_db, { passwordHash, ...user }) {
      if (byEmail(user.email)) throw new ServiceError('email_taken');
      const made = aUser(user);
      rows.set(made.id, made);
      hashes.set(made.id, passwordHash);
      return made;
    },
    findUser: async (_db, id) => rows.get(id),
    async findUserForUpdate(db, id) {
      requireTransaction(db);
      return rows.get(id);
    },
    async findUserByEmail(_db, email) {
      const user = byEmail(email);
      return user && { user, passwordHash: hashes.get(user.id) ?? '', credentialsVersion: 1 };
    },
    async lockActiveAdmins(db) {
      requireTransaction(db);
      return activeAdmins().map(({ id }) => id);
    },
    hasAdmin: async () => activeAdmins().length > 0,
    async updateUser(db, id, changes) {
      requireTransaction(db);
      const before = rows.get(id);
      if (!before) return undefined;
      const made = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
      const after: User = { ...before, ...made, version: before.version + 1 };
      rows.set(id, after);
      return after;
    },
    async setPictureTag(db, id, tag) {
      requireTransaction(db);
      const before = rows.get(id);
      if (before) rows.set(id, { ...before, pictureTag: tag ?? undefined, version: before.version + 1 });
    },
    async deleteUser(db, id) {
      requireTransaction(db);
      return rows.delete(id);
    },
    async changePassword(db, id, _version, passwordHash) {
      requireTransaction(db);
      hashes.set(id, passwordHash);
      return rows.has(id);
    },
    async renewPasswordHash(_db, id, oldHash, newHash) {
      if (hashes.get(id) === oldHash) hashes.set(id, newHash);
    },
    raiseCredentialsVersion: async () => {},
  };
  const lists: typeof listsRepository = {
    countUsers: async (_db, _query, most) => Math.min(rows.size, most),
    countDeletedUsers: async () => 0,
    async listUsers(_db, _query, { limit, offset = 0, after }) {
      const all = [...rows.values()];
      const start = after ? all.findIndex(({ id }) => id === after.id) + 1 : offset;
      return all.slice(start, start + limit);
    },
  };
  const search: typeof searchRepository = {
    async searchUsers(_db, _list, text, slice) {
      const found = [...rows.values()].filter(({ fullName }) => fullName.includes(text));
      const { offset = 0, limit } = slice;
      return { users: found.slice(offset, offset + limit), total: found.length, totalIsExact: found.length < 3 };
    },
  };
  return { repository, lists, search, rows, hashes };
}
