/** What proves who somebody is: the password, and the address that links are mailed to. */
import { raw } from 'objection';
import type { User } from '../../access/user.ts';
import type { Db } from '../../platform/database/database.ts';
import { ServiceError } from '../../platform/errors.ts';
import { noPassword } from './no-password.ts';
import { toUser, type UserModel } from './users.model.ts';
import { isEmailTaken, present, touched } from './users.queries.ts';

/** A user, and whether the account goes to whoever proves its address. */
export interface Claim {
  readonly user: User;
  readonly isProvisional: boolean;
  readonly credentialsVersion: number;
}

export async function findClaim(db: Db, id: string): Promise<Claim | undefined> {
  return toClaim(await present(db).findById(id));
}

/** Finds the user of an address and locks the row until the transaction ends. */
export async function findClaimByEmail(db: Db, email: string): Promise<Claim | undefined> {
  return toClaim(await present(db).findOne({ email }).forUpdate());
}

/** Records that the address, if it is still the user's, was proved. */
export async function verifyEmail(db: Db, id: string, email: string): Promise<User | undefined> {
  return change(db, { id, email }, verified());
}

/** Sets or removes the address that waits for its confirmation. */
export async function setPendingEmail(db: Db, id: string, email: string | null): Promise<User | undefined> {
  return change(db, { id }, { pending_email: email, ...touched() });
}

/** Makes an address the user's, if it still waits for its confirmation. Throws `email_taken`. */
export async function confirmPendingEmail(db: Db, id: string, email: string): Promise<User | undefined> {
  return takingAddress(() =>
    change(db, { id, pending_email: email }, { email, pending_email: null, ...newlyVerified() }),
  );
}

/** Gives a user an earlier address back and takes the password away. Throws `email_taken`. */
export async function restoreEmail(db: Db, id: string, email: string): Promise<User | undefined> {
  const taken = { password_hash: noPassword, pending_email: null };
  return takingAddress(() => change(db, { id }, { email, ...taken, ...newlyVerified() }));
}

/** Replaces the password of a user who has thereby proved the address; also the name, if one is given. */
export async function replacePassword(
  db: Db,
  id: string,
  email: string,
  { passwordHash, fullName }: { readonly passwordHash: string; readonly fullName?: string | undefined },
): Promise<User | undefined> {
  const replaced = { password_hash: passwordHash, pending_email: null };
  return change(
    db,
    { id, email },
    { ...replaced, ...(fullName !== undefined && { full_name: fullName }), ...verified() },
  );
}

/** Deletes a user whose address belongs to somebody else. */
export async function removeProvisional(db: Db, id: string): Promise<void> {
  await change(db, { id, is_provisional: true }, { deleted_at: raw('now()'), ...touched() });
}

/** What the proof of an address sets. One that was proved before keeps the time. */
function verified() {
  return { email_verified_at: raw('coalesce(email_verified_at, now())'), is_provisional: false, ...touched() };
}

function newlyVerified() {
  return { ...verified(), email_verified_at: raw('now()') };
}

async function change(db: Db, where: object, columns: object): Promise<User | undefined> {
  const [row] = await present(db).patch(columns).where(where).returning('*');
  return row && toUser(row);
}

async function takingAddress<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw isEmailTaken(error) ? new ServiceError('email_taken', { cause: error }) : error;
  }
}

function toClaim(row: UserModel | undefined): Claim | undefined {
  if (!row) return undefined;
  return { user: toUser(row), isProvisional: row.is_provisional, credentialsVersion: row.credentials_version };
}
