import type { User } from '../../access/user.ts';
import type { KeyRing } from '../../platform/keys.ts';
import { createCursors, type Place } from '../../platform/lists/cursors.ts';
import type { UserQuery } from './user-lists.ts';

/** Writes and reads the cursors of lists of users. */
export interface UserCursors {
  write(query: UserQuery, last: User): string;
  /** Throws `validation_failed` for a cursor that was not written here, or for another list. */
  read(query: UserQuery, cursor: string): Place;
}

export function createUserCursors(keys: KeyRing): UserCursors {
  const cursors = createCursors(keys);
  return {
    write: (query, last) => cursors.write(nameOf(query), { value: sortValue(query, last), id: last.id }),
    read: (query, cursor) => cursors.read(nameOf(query), cursor),
  };
}

function nameOf({ search, role, isActive, isEmailVerified, sortBy, sortOrder }: UserQuery): string {
  const filters = [role ?? null, isActive ?? null, isEmailVerified ?? null];
  return JSON.stringify([search ?? null, ...filters, sortBy, sortOrder]);
}

function sortValue({ sortBy }: UserQuery, user: User): string {
  switch (sortBy) {
    case 'created_at':
      return user.createdAt.toISOString();
    case 'updated_at':
      return user.updatedAt.toISOString();
    case 'email':
      return user.email;
    case 'full_name':
      return user.fullName;
  }
}
