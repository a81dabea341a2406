/** What another feature may use of users in its own queries, so that one finds a session and its user: the row, and how to read and lock it. */
import { ref, type QueryBuilder } from 'objection';
import type { User } from '../../access/user.ts';
import type { Db } from '../../platform/database/database.ts';
import { prepare } from '../../platform/database/prepared.ts';
import { toUser, UserModel } from './users.model.ts';

export { toUser, userColumns, UserModel, type UserRow } from './users.model.ts';

/** Finds a user who was not deleted, and locks the row, so that credentials and factors stay as they are until the transaction ends. */
export async function lockUser(db: Db, id: string): Promise<User | undefined> {
  const row = await UserModel.query(db).findOne({ id, deleted_at: null }).forNoKeyUpdate();
  return row && toUser(row);
}

/** Who a user is, or was until they were deleted. */
export interface NamedUser {
  readonly id: string;
  readonly email: string;
  readonly fullName: string;
  readonly isDeleted: boolean;
}

/** Who the users with these ids are, without those whose personal data is erased. */
export async function findNames(db: Db, ids: readonly string[]): Promise<NamedUser[]> {
  const rows = await selectNames(db, ids);
  return rows.map((row) => ({
    id: row.id,
    email: row.email,
    fullName: row.full_name,
    isDeleted: row.deleted_at !== null,
  }));
}

const selectNames = prepare<Pick<UserModel, 'id' | 'email' | 'full_name' | 'deleted_at'>>(
  'select id, email, full_name, deleted_at from users where id = any($1) and erased_at is null order by id',
);

/** Whether there is such a user, who was not deleted. */
export async function hasUser(db: Db, id: string): Promise<boolean> {
  return (await UserModel.query(db).select('id').findOne({ id, deleted_at: null })) !== undefined;
}

/** For `whereExists`: the user of a row, whose credentials are still those that the row was made under. */
export function sameCredentials(db: Db, table: string): QueryBuilder<UserModel> {
  return UserModel.query(db)
    .where('users.id', ref(`${table}.user_id`))
    .where('users.credentials_version', ref(`${table}.credentials_version`));
}

/** An id that no user has, nor anything else. */
export const nobody = '00000000-0000-0000-0000-000000000000';
