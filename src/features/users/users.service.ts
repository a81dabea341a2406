import { v7 as createId } from 'uuid';
import { operator, type Actor } from '../audit/audit-event.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { NoticesService } from '../notices/notices.service.ts';
import type { PasswordsService } from '../passwords/passwords.service.ts';
import type { Database, Db } from '../../platform/database/database.ts';
import { ServiceError } from '../../platform/errors.ts';
import type { IdempotencyService } from '../idempotency/idempotency.service.ts';
import { describeViolation } from '../../platform/violations.ts';
import type { SessionsService } from '../sessions/sessions.service.ts';
import { normalizeEmailAddress } from '../../platform/formats/email-address.ts';
import { normalizeFullName } from '../../platform/formats/full-name.ts';
import { isAddressOfOneScript, isNameOfOneScript } from '../../platform/formats/scripts.ts';
import { noPassword } from './no-password.ts';
import { eventsOfUpdate } from './user-events.ts';
import { holdsRole, type Role, type User } from '../../access/user.ts';
import type * as usersRepository from './users.repository.ts';
import type { UserChanges, UserInsert } from './users.repository.ts';

export interface NewUser {
  readonly email: string;
  readonly password: string;
  readonly fullName: string;
  readonly role: Role;
}

/** A new user, perhaps without a password: nobody can sign in until one is chosen by a mailed link. */
export type UserToPrepare = Omit<NewUser, 'password'> & { readonly password?: string | undefined };

/** Decides whether the version that a change is based on is still current. */
export type Precondition = (user: User) => boolean;

export interface UsersServiceParts {
  readonly database: Pick<Database, 'pool' | 'transaction'>;
  readonly users: typeof usersRepository;
  readonly audit: Pick<AuditService, 'record'>;
  readonly sessions: Pick<SessionsService, 'endAllOf'>;
  readonly idempotency: Pick<IdempotencyService, 'forget'>;
  readonly notices: Pick<NoticesService, 'send'>;
  readonly passwords: Pick<PasswordsService, 'hashChosen'>;
}

export type UsersService = ReturnType<typeof createUsersService>;

/** The operations on users and their rules. */
export function createUsersService(parts: UsersServiceParts) {
  const { database, users, audit, sessions, idempotency, notices, passwords } = parts;

  /** Locks the user for a change, if the precondition holds. */
  async function lockForChange(db: Db, id: string, precondition: Precondition): Promise<User> {
    const user = await users.findUserForUpdate(db, id);
    if (!user) throw new ServiceError('not_found', { detail: 'There is no user with this id.' });
    if (!precondition(user)) throw new ServiceError('precondition_failed');
    return user;
  }

  /** Checks and hashes a new user's password, before the transaction. Throws `validation_failed` if it, the address or the name is refused. */
  async function prepare(input: UserToPrepare): Promise<UserInsert> {
    const { password, role } = input;
    const person = { email: normalizeEmailAddress(input.email), fullName: normalizeFullName(input.fullName) };
    refuseMixedScripts(person);
    const passwordHash = password === undefined ? noPassword : await passwords.hashChosen(password, person);
    return { id: createId(), ...person, role, passwordHash };
  }

  const creating =
    (type: 'user.created' | 'user.registered') =>
    async (db: Db, prepared: UserInsert, actor: Actor): Promise<User> => {
      const user = await users.insertUser(db, prepared);
      const details = { role: user.role, ...actor.details };
      await audit.record(db, { ...actor, type, outcome: 'success', userId: user.id, details });
      return user;
    };
  const create = creating('user.created');

  const hasAdmin = () => users.hasAdmin(database.pool);

  return {
    prepare,
    hasAdmin,

    /** Creates a user for somebody else. Throws `email_taken`. */
    create,

    /** Creates the user of somebody who asked for it. Throws `email_taken`. */
    register: creating('user.registered'),

    /** Moderators may read any user, others only themselves. Throws `forbidden` and `not_found`. */
    async get(id: string, reader: User): Promise<User> {
      if (id !== reader.id && !holdsRole(reader.role, 'moderator')) {
        throw new ServiceError('forbidden', { detail: 'Reading another user needs the role moderator or higher.' });
      }
      const user = await users.findUser(database.pool, id);
      if (!user) throw new ServiceError('not_found', { detail: 'There is no user with this id.' });
      return user;
    },

    /**
     * Changes a user. A lower role and a deactivation end the user's sessions; users are mailed about a new role. If nothing would change,
     * version and sessions stay.
     * Throws `validation_failed` for a name of mixed scripts, `not_found`, `precondition_failed` and `last_admin`.
     */
    async update(db: Db, id: string, changes: UserChanges, precondition: Precondition, actor: Actor): Promise<User> {
      const mayRemoveAdmin = changes.isActive === false || (changes.role !== undefined && changes.role !== 'admin');
      // Always lock the administrators first: otherwise two admins could demote each other at the same time.
      const admins = mayRemoveAdmin ? await users.lockActiveAdmins(db) : [];
      const before = await lockForChange(db, id, precondition);
      if (mayRemoveAdmin) keepLastAdmin(admins, before.id);
      const normalized = normalize(changes);
      if (isUnchanged(before, normalized)) return before;
      const after = await users.updateUser(db, id, normalized);
      if (!after) throw new ServiceError('not_found');
      if (!after.isActive || !holdsRole(after.role, before.role)) await sessions.endAllOf(db, id);
      for (const { type, details } of eventsOfUpdate(before, after)) {
        const all = { ...details, ...actor.details };
        await audit.record(db, { ...actor, type, outcome: 'success', userId: after.id, details: all });
      }
      if (after.role !== before.role) {
        const values = { from: before.role, to: after.role, at: new Date().toISOString() };
        await notices.send(db, { userId: id, to: before.email, notice: 'role_changed', values });
      }
      return after;
    },

    /** Notes the tag of a user's picture, or that there is none; returns whether that was different before. Throws `not_found`. */
    async changePicture(db: Db, id: string, tag: string | undefined, actor: Actor): Promise<boolean> {
      const { pictureTag } = await lockForChange(db, id, () => true);
      if (pictureTag === tag) return false;
      await users.setPictureTag(db, id, tag ?? null);
      const type = tag === undefined ? 'user.picture_removed' : 'user.picture_changed';
      await audit.record(db, { ...actor, type, outcome: 'success', userId: id });
      return true;
    },

    /** Deletes a user, their sessions and kept replies. Throws `not_found`, `precondition_failed` and `last_admin`. */
    async remove(db: Db, id: string, precondition: Precondition, actor: Actor): Promise<void> {
      const admins = await users.lockActiveAdmins(db);
      const user = await lockForChange(db, id, precondition);
      keepLastAdmin(admins, user.id);
      await users.deleteUser(db, id);
      await sessions.endAllOf(db, id);
      await idempotency.forget(db, user.id);
      await audit.record(db, { ...actor, type: 'user.deleted', outcome: 'success', userId: user.id });
    },

    /** The user with a normalised address, and what a password is checked against. */
    findByEmail: (email: string) => users.findUserByEmail(database.pool, email),

    /** Replaces a hash with a new one of the same password, unless the password was changed meanwhile. */
    async renewPasswordHash(id: string, oldHash: string, newHash: string): Promise<void> {
      await users.renewPasswordHash(database.pool, id, oldHash, newHash);
    },

    /**
     * Replaces the password of a user whose credentials are still of this version, raises it, and withdraws a change of address that
     * waits; returns whether they were.
     */
    changePassword: (db: Db, id: string, version: number, passwordHash: string): Promise<boolean> =>
      users.changePassword(db, id, version, passwordHash),

    /** Creates the first administrator, unless one exists; returns whether it did. */
    async createFirstAdmin(input: Omit<NewUser, 'role'>): Promise<boolean> {
      if (await hasAdmin()) return false;
      try {
        const prepared = { ...(await prepare({ ...input, role: 'admin' })), isEmailVerified: true };
        await database.transaction((db) => create(db, prepared, operator));
        return true;
      } catch (error) {
        // Another process may have been faster.
        if (error instanceof ServiceError && error.code === 'email_taken' && (await hasAdmin())) return false;
        throw error;
      }
    },
  };
}

function keepLastAdmin(admins: readonly string[], id: string): void {
  if (admins.length === 1 && admins[0] === id) throw new ServiceError('last_admin');
}

function isUnchanged(user: User, { fullName, role, isActive }: UserChanges): boolean {
  return (
    (fullName ?? user.fullName) === user.fullName &&
    (role ?? user.role) === user.role &&
    (isActive ?? user.isActive) === user.isActive
  );
}

function normalize(changes: UserChanges): UserChanges {
  if (changes.fullName === undefined) return changes;
  const fullName = normalizeFullName(changes.fullName);
  refuseMixedScripts({ fullName });
  return { ...changes, fullName };
}

// Checked only when they are set: older addresses and names stay valid.
function refuseMixedScripts({ email, fullName }: { email?: string; fullName: string }): void {
  const violations = [
    ...(email === undefined || isAddressOfOneScript(email)
      ? []
      : [describeViolation(['body', 'email'], 'mixed_scripts')]),
    ...(isNameOfOneScript(fullName) ? [] : [describeViolation(['body', 'full_name'], 'mixed_scripts')]),
  ];
  if (violations.length > 0) throw new ServiceError('validation_failed', { violations });
}
