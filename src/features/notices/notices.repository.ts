import type { Db } from '../../platform/database/database.ts';
import { UserModel } from '../users/joined-user.ts';

/** The address of a user, if there is one. */
export async function findAddress(db: Db, userId: string): Promise<string | undefined> {
  const row = await UserModel.query(db).select('email').findById(userId).whereNull('deleted_at');
  return row?.email;
}
