/** Lists of users, and their parts in SQL. */
import type { Role } from '../../access/user.ts';

/** The sort keys of a list. */
export type SortField = 'created_at' | 'updated_at' | 'email' | 'full_name';

/** Which users are in a list, and in what order. */
export interface UserList {
  readonly role?: Role | undefined;
  readonly isActive?: boolean | undefined;
  readonly isEmailVerified?: boolean | undefined;
  readonly sortBy: SortField;
  readonly sortOrder: 'asc' | 'desc';
}

/** A list, perhaps only of those whom a text finds. */
export interface UserQuery extends UserList {
  readonly search?: string | undefined;
}

/** The part of a list to read: from an offset, or after a place. */
export interface Slice {
  readonly limit: number;
  readonly offset?: number;
  readonly after?: { readonly value: string; readonly id: string } | undefined;
}

/** The values of a statement; `bind` adds one and returns its placeholder. */
export function createBinding() {
  const values: unknown[] = [];
  return { values, bind: (value: unknown) => `$${values.push(value)}` };
}

/** What narrows a list down. */
export type UserFilters = Pick<UserList, 'role' | 'isActive' | 'isEmailVerified'>;

/** The condition for being in a list. */
export function filtersOf({ role, isActive, isEmailVerified }: UserFilters): string {
  const conditions = ['deleted_at is null'];
  if (role !== undefined) conditions.push(hasRole[role]);
  if (isActive !== undefined) conditions.push(isActive ? 'is_active' : 'not is_active');
  if (isEmailVerified !== undefined) {
    conditions.push(isEmailVerified ? 'email_verified_at is not null' : 'email_verified_at is null');
  }
  return conditions.join(' and ');
}

// Literals, since the indexes on few users can't be chosen for a parameter.
const hasRole: Record<Role, string> = {
  user: `role = 'user'`,
  moderator: `role = 'moderator'`,
  admin: `role = 'admin'`,
};

/** A list's sort key and order, and the operator for what comes later. */
export function orderOf({ sortBy, sortOrder }: UserList) {
  const key = sortKey[sortBy];
  return { key, order: `${key} ${sortOrder}, id ${sortOrder}`, onward: sortOrder === 'asc' ? '>' : '<' };
}

// Addresses sort the same in every database, whatever its locale; names have their own collation.
const sortKey: Record<SortField, string> = {
  created_at: 'created_at',
  updated_at: 'updated_at',
  email: 'email collate "C"',
  full_name: 'full_name',
};
