import type { Db } from '../../platform/database/database.ts';
import { UserModel } from '../users/joined-user.ts';

/** What a mail to an address depends on. */
export interface Holder {
  readonly userId: string;
  readonly isActive: boolean;
  readonly isVerified: boolean;
  /** Somebody registered it, and nobody has proved the address yet. */
  readonly isProvisional: boolean;
}

/** The user who has an address. */
export async function findHolder(db: Db, email: string): Promise<Holder | undefined> {
  const row = await UserModel.query(db).findOne({ email }).whereNull('deleted_at');
  return (
    row && {
      userId: row.id,
      isActive: row.is_active,
      isVerified: row.email_verified_at !== null,
      isProvisional: row.is_provisional,
    }
  );
}
