import { share } from '../../platform/database/batch.ts';
import type { Database } from '../../platform/database/database.ts';
import { violation } from '../../platform/violations.ts';
import type { User } from '../../access/user.ts';
import type { UserCursors } from './user-cursor.ts';
import type { Slice, UserQuery } from './user-lists.ts';
import type * as listsRepository from './users.lists.repository.ts';
import type * as searchRepository from './users.search.repository.ts';
import type { FoundUsers } from './users.search.repository.ts';

/** A page of a list. What takes a count is null if a cursor was followed; unless the total is exact, at least as many match. */
export interface UserPage {
  readonly users: User[];
  readonly limit: number;
  readonly nextCursor: string | null;
  readonly total: number | null;
  readonly totalIsExact: boolean | null;
  readonly page: number | null;
  readonly totalPages: number | null;
}

/** Which part of a list to read: a page, or what follows a cursor, not both. */
export interface PageRequest {
  readonly limit: number;
  readonly page?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface UserListsServiceParts {
  readonly database: Pick<Database, 'pool'>;
  readonly lists: typeof listsRepository;
  readonly search: typeof searchRepository;
  readonly cursors: UserCursors;
}

export type UserListsService = ReturnType<typeof createUserListsService>;

/** Lists of users, by page or by cursor. */
export function createUserListsService({ database, lists, search, cursors }: UserListsServiceParts) {
  const count = share(
    (query: UserQuery) => lists.countUsers(database.pool, query, mostCounted + 1),
    ({ role, isActive, isEmailVerified }) => JSON.stringify([role ?? null, isActive ?? null, isEmailVerified ?? null]),
  );

  /** Reads a part of a list. */
  async function read(query: UserQuery, slice: Slice): Promise<FoundUsers> {
    if (query.search !== undefined) return search.searchUsers(database.pool, query, query.search, slice);
    const [found, counted] = await Promise.all([
      lists.listUsers(database.pool, query, slice),
      slice.after ? 0 : count(query),
    ]);
    const total = Math.min(counted, mostCounted);
    return { users: found, total, totalIsExact: counted === total };
  }

  function cut(query: UserQuery, { users: found, stoppedAt }: FoundUsers, limit: number) {
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : stoppedAt;
    return { users: page, limit, nextCursor: last ? cursors.write(query, last) : null };
  }

  return {
    /** How many users there are, how many of them are inactive, and how many can be restored; each counted up to its bound. */
    async countByStatus(most: { readonly users: number; readonly others: number }) {
      const [total, inactive, deleted] = await Promise.all([
        lists.countUsers(database.pool, {}, most.users),
        lists.countUsers(database.pool, { isActive: false }, most.others),
        lists.countDeletedUsers(database.pool, most.others),
      ]);
      return { total, inactive, deleted };
    },

    /** Throws `validation_failed` for an invalid cursor, and for a page combined with a cursor. */
    async list(query: UserQuery, request: PageRequest): Promise<UserPage> {
      const { limit, cursor } = request;
      if (cursor === undefined) {
        const page = request.page ?? 1;
        const found = await read(query, { limit: limit + 1, offset: (page - 1) * limit });
        const { total, totalIsExact } = found;
        const totalPages = totalIsExact ? Math.ceil(total / limit) : null;
        return { ...cut(query, found, limit), total, totalIsExact, page, totalPages };
      }
      if (request.page !== undefined) {
        throw violation(['query', 'page'], 'cursor', 'cannot be combined with cursor');
      }
      const after = cursors.read(query, cursor);
      const found = await read(query, { limit: limit + 1, after });
      return { ...cut(query, found, limit), total: null, totalIsExact: null, page: null, totalPages: null };
    },
  };
}

// Counting everybody would make each page slower the more users there are. The contract promises exact totals up to this bound.
const mostCounted = 1000;
