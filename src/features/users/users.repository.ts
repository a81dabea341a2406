import { raw } from 'objection';
import type { Db } from '../../platform/database/database.ts';
import { prepare } from '../../platform/database/prepared.ts';
import type { Role, User } from '../../access/user.ts';
import { emailTaken } from '../../platform/violations.ts';
import { toUser, userColumns, UserModel, type UserRow } from './users.model.ts';
import { isEmailTaken, present, touched } from './users.queries.ts';

/** A new row; its times and version come from the database. */
export interface UserInsert {
  readonly id: string;
  readonly email: string;
  readonly fullName: string;
  readonly role: Role;
  readonly passwordHash: string;
  /** Nobody has proved the address yet: whoever does gets the account. */
  readonly isProvisional?: boolean;
  readonly isEmailVerified?: boolean;
}

/** What can be changed about a user. */
export interface UserChanges {
  readonly fullName?: string | undefined;
  readonly role?: Role | undefined;
  readonly isActive?: boolean | undefined;
}

const columns = userColumns.join(', ');

/** Throws `email_taken` if another user has the address, even one that a concurrent transaction commits first. */
export async function insertUser(db: Db, user: UserInsert): Promise<User> {
  try {
    const row = await UserModel.query(db)
      .insert({
        id: user.id,
        email: user.email,
        full_name: user.fullName,
        role: user.role,
        password_hash: user.passwordHash,
        is_provisional: user.isProvisional ?? false,
        ...(user.isEmailVerified && { email_verified_at: raw('now()') }),
      })
      .returning('*');
    return toUser(row);
  } catch (error) {
    throw isEmailTaken(error) ? emailTaken(error) : error;
  }
}

export async function findUser(db: Db, id: string): Promise<User | undefined> {
  const [row] = await selectUser(db, id);
  return row && toUser(row);
}

const selectUser = prepare<UserRow>(`select ${columns} from users where id = $1 and deleted_at is null`);

/** Finds the user and locks the row until the transaction ends. */
export async function findUserForUpdate(db: Db, id: string): Promise<User | undefined> {
  const row = await present(db).findById(id).forUpdate();
  return row && toUser(row);
}

/** A user, with what a password is checked against. */
export interface UserCredentials {
  readonly user: User;
  readonly passwordHash: string;
  readonly credentialsVersion: number;
}

/** The user with a normalised address, and the hash of the password. */
export async function findUserByEmail(db: Db, email: string): Promise<UserCredentials | undefined> {
  const [row] = await selectUserByEmail(db, email);
  return row && { user: toUser(row), passwordHash: row.password_hash, credentialsVersion: row.credentials_version };
}

const selectUserByEmail = prepare<UserRow & Pick<UserModel, 'password_hash' | 'credentials_version'>>(
  `select ${columns}, password_hash, credentials_version from users where email = $1 and deleted_at is null`,
);

/** Locks the active administrators until the transaction ends, always in the same order. */
export async function lockActiveAdmins(db: Db): Promise<string[]> {
  const rows = await present(db).select('id').where({ role: 'admin', is_active: true }).orderBy('id').forUpdate();
  return rows.map((row) => row.id);
}

export async function hasAdmin(db: Db): Promise<boolean> {
  return (await present(db).where({ role: 'admin', is_active: true }).resultSize()) > 0;
}

/** Returns `undefined` if there is no such user. */
export async function updateUser(db: Db, id: string, changes: UserChanges): Promise<User | undefined> {
  const [row] = await present(db)
    .patch({
      ...(changes.fullName !== undefined && { full_name: changes.fullName }),
      ...(changes.role !== undefined && { role: changes.role }),
      // Whoever is trusted with a role keeps the account, whoever proves the address later.
      ...(changes.role !== undefined && changes.role !== 'user' && { is_provisional: false }),
      ...(changes.isActive !== undefined && { is_active: changes.isActive }),
      ...touched(),
    })
    .where({ id })
    .returning('*');
  return row && toUser(row);
}

/** Notes the tag of the user's picture; null if there is none any more. */
export async function setPictureTag(db: Db, id: string, tag: string | null): Promise<void> {
  await present(db)
    .patch({ picture_tag: tag, ...touched() })
    .where({ id });
}

/** Hides the user from every read; the row stays. Returns whether there was one. */
export async function deleteUser(db: Db, id: string): Promise<boolean> {
  const count = await present(db)
    .patch({ deleted_at: raw('now()'), ...touched() })
    .where({ id });
  return count > 0;
}

/** Replaces a hash with a new one of the same password, unless the password was changed meanwhile. */
export async function renewPasswordHash(db: Db, id: string, oldHash: string, newHash: string): Promise<void> {
  await present(db).patch({ password_hash: newHash }).where({ id, password_hash: oldHash });
}

/**
 * Replaces the password of a user whose credentials are of this version, raises it, and withdraws an address that waits for its
 * confirmation; returns whether they were.
 */
export async function changePassword(db: Db, id: string, version: number, passwordHash: string): Promise<boolean> {
  const user = () => present(db).where({ id, credentials_version: version });
  await user()
    .whereNotNull('pending_email')
    .patch({ pending_email: null, ...touched() });
  const changed = await user().patch({
    password_hash: passwordHash,
    credentials_version: raw('credentials_version + 1'),
  });
  return changed > 0;
}

/** Ends the validity of whatever was created under the user's credentials so far, such as sessions and one-time secrets. */
export async function raiseCredentialsVersion(db: Db, id: string): Promise<void> {
  await present(db)
    .patch({ credentials_version: raw('credentials_version + 1') })
    .where({ id });
}
