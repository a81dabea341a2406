/** Deleted users: rows that every other query leaves out. */
import { raw } from 'objection';
import type { User } from '../../access/user.ts';
import type { Db } from '../../platform/database/database.ts';
import { ServiceError } from '../../platform/errors.ts';
import { planEachTime } from '../../platform/database/prepared.ts';
import type { Place } from '../../platform/lists/cursors.ts';
import { createBinding } from './user-lists.ts';
import { matching } from './user-matching.ts';
import { toUser, userColumns, UserModel, type UserRow } from './users.model.ts';
import { isEmailTaken, present, touched } from './users.queries.ts';

/**
 * Brings a deleted user back, under new credentials, so that nothing created before the deletion becomes valid again. Returns
 * `undefined` if there is none, or if it was erased; throws `email_taken` if another user has the address.
 */
export async function restoreUser(db: Db, id: string): Promise<User | undefined> {
  try {
    const [row] = await UserModel.query(db)
      .patch({
        deleted_at: null,
        pending_email: null,
        credentials_version: raw('credentials_version + 1'),
        ...touched(),
      })
      .where({ id, erased_at: null })
      .whereNotNull('deleted_at')
      .returning('*');
    return row && toUser(row);
  } catch (error) {
    if (!isEmailTaken(error)) throw error;
    throw new ServiceError('email_taken', { detail: 'Another user has this e-mail address by now.', cause: error });
  }
}

/** A user who was deleted and is not erased yet. */
export interface DeletedAt {
  readonly user: User;
  readonly deletedAt: Date;
}

/** The deleted users who can be restored, those deleted last first; perhaps only those whom a text finds, or those before a place. */
export async function listRestorable(
  db: Db,
  {
    search,
    before,
    limit,
  }: { readonly search?: string | undefined; readonly before?: Place | undefined; readonly limit: number },
): Promise<DeletedAt[]> {
  const { values, bind } = createBinding();
  const from = before ? `and (deleted_at, id) < (${bind(before.value)}, ${bind(before.id)})` : '';
  const select = planEachTime<UserRow & { readonly deleted_at: Date }>(
    `select ${userColumns.join(', ')}, deleted_at
    from (select *, lower(full_name) as name from users where deleted_at is not null and erased_at is null ${from}) as deleted
    where ${search === undefined ? 'true' : matching(search, bind)}
    order by deleted_at desc, id desc limit ${bind(limit)}`,
  );
  return (await select(db, ...values)).map((row) => ({ user: toUser(row), deletedAt: row.deleted_at }));
}

/** A user, who may have been deleted, and even erased. */
export interface KnownUser {
  readonly user: User;
  readonly deletedAt: Date | undefined;
  readonly erasedAt: Date | undefined;
}

/** Finds the user with an id, or all who have a normalised address, or had it when they were deleted. */
export async function findKnown(
  db: Db,
  by: { readonly id: string } | { readonly email: string },
): Promise<KnownUser[]> {
  const rows = await UserModel.query(db).where(by).orderByRaw('deleted_at desc nulls first');
  return rows.map((row) => ({
    user: toUser(row),
    deletedAt: row.deleted_at ?? undefined,
    erasedAt: row.erased_at ?? undefined,
  }));
}

/** A deleted user with an address, or several. */
export interface DeletedUser {
  readonly id: string;
  readonly emails: readonly string[];
  readonly deletedAt: Date;
}

/** Locks the user who was deleted first, at least `days` ago; others who erase at the same time get the next one. */
export async function lockNextDeleted(db: Db, days: number): Promise<DeletedUser | undefined> {
  const row = await erasable(db)
    .where('deleted_at', '<', raw(`now() - ? * interval '1 day'`, [days]))
    .orderBy('deleted_at')
    .first()
    .skipLocked();
  return row && toDeleted(db, row);
}

/** Locks a deleted user. */
export async function lockDeleted(db: Db, id: string): Promise<DeletedUser | undefined> {
  const row = await erasable(db).findById(id);
  return row && toDeleted(db, row);
}

/** Leaves nothing of a deleted user but the id, the role and times, so that references to it stay. */
export async function eraseUser(db: Db, id: string): Promise<void> {
  const nothing = { email: '', full_name: '', password_hash: '', pending_email: null, picture_tag: null };
  await UserModel.query(db)
    .patch({ ...nothing, is_active: false, erased_at: raw('now()'), ...touched() })
    .where({ id, erased_at: null })
    .whereNotNull('deleted_at');
}

const erasable = (db: Db) => UserModel.query(db).whereNull('erased_at').whereNotNull('deleted_at').forUpdate();

// An address that another user has by now is theirs.
async function toDeleted(db: Db, { id, email, pending_email: pending, deleted_at: deletedAt }: UserModel) {
  const emails = pending === null ? [email] : [email, pending];
  const rows = await present(db).select('email').whereIn('email', emails);
  const taken = new Set(rows.map((row) => row.email));
  return { id, emails: emails.filter((each) => !taken.has(each)), deletedAt: deletedAt ?? new Date() };
}
