import { Model } from 'objection';
import type { Role, User } from '../../access/user.ts';

/** A row of `users`, including deleted ones. */
export class UserModel extends Model {
  static override readonly tableName = 'users';

  declare id: string;
  declare email: string;
  declare email_verified_at: Date | null;
  /** The new address that waits for its confirmation. */
  declare pending_email: string | null;
  /** Somebody registered it, and nobody has proved the address yet: whoever does gets the account. */
  declare is_provisional: boolean;
  declare full_name: string;
  declare role: Role;
  declare is_active: boolean;
  declare password_hash: string;
  /** That of the picture, whose bytes are in `pictures`. */
  declare picture_tag: string | null;
  declare version: number;
  declare created_at: Date;
  declare updated_at: Date;
  declare deleted_at: Date | null;
  /** From then on the row has no personal data, and can't be restored. */
  declare erased_at: Date | null;
  /** Raised by each change of what the user signs in with; whatever was created under an earlier one is no longer valid. */
  declare credentials_version: number;
}

/** The columns of a user that others may see. */
export const userColumns = [
  'id',
  'email',
  'email_verified_at',
  'pending_email',
  'full_name',
  'role',
  'is_active',
  'picture_tag',
  'version',
  'created_at',
  'updated_at',
] as const;

/** Those columns of a row. */
export type UserRow = Pick<UserModel, (typeof userColumns)[number]>;

/** The one place where a row becomes a user. */
export function toUser(row: UserRow): User {
  return {
    id: row.id,
    email: row.email,
    isEmailVerified: row.email_verified_at !== null,
    pendingEmail: row.pending_email ?? undefined,
    fullName: row.full_name,
    role: row.role,
    isActive: row.is_active,
    pictureTag: row.picture_tag ?? undefined,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
