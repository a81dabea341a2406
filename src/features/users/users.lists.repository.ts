import type { Db } from '../../platform/database/database.ts';
import { planEachTime, prepare } from '../../platform/database/prepared.ts';
import { normalizePartOfEmailAddress } from '../../platform/formats/email-address.ts';
import type { Role, User } from '../../access/user.ts';
import { toUser, userColumns, type UserRow } from './users.model.ts';

/** The sort keys of a list. */
export type SortField = 'created_at' | 'updated_at' | 'email' | 'full_name';

/** Which users to list, and in what order. */
export interface UserQuery {
  readonly search?: string | undefined;
  readonly role?: Role | undefined;
  readonly isActive?: boolean | undefined;
  readonly sortBy: SortField;
  readonly sortOrder: 'asc' | 'desc';
}

/** The part of a list to read: from an offset, or after a place. */
export interface Slice {
  readonly limit: number;
  readonly offset?: number;
  readonly after?: { readonly value: string; readonly id: string } | undefined;
}

const columns = userColumns.join(', ');

/** Counts the users of a list, but no more than `most`. */
export async function countUsers(db: Db, query: UserQuery, most: number): Promise<number> {
  const { conditions, values, bind } = matching(query);
  // Most users match: counted in the order of an index, since deleted ones may fill the beginning of the table.
  const isNarrow = query.search !== undefined || query.isActive === false || (query.role ?? 'user') !== 'user';
  const order = isNarrow ? '' : 'order by created_at, id';
  const count = planning(query)<{ count: string }>(
    `select count(*) from (select from users where ${conditions.join(' and ')} ${order} limit ${bind(most)}) counted`,
  );
  const [row] = await count(db, ...values);
  return Number(row?.count);
}

// SQL, because with Objection a list took a third more CPU time.
export async function listUsers(db: Db, query: UserQuery, slice: Slice): Promise<User[]> {
  const { limit, offset = 0, after } = slice;
  const { conditions, values, bind } = matching(query);
  const { sortOrder } = query;
  const key = sortKey[query.sortBy];
  const matched = conditions.join(' and ');
  const onward = sortOrder === 'asc' ? '>' : '<';
  let skipped = '';
  if (after) {
    conditions.push(`(${key}, id) ${onward} (${bind(after.value)}, ${bind(after.id)})`);
  } else if (offset >= deep && query.search === undefined) {
    // The first row is found in an index alone; `offset` would fetch every row before it.
    conditions.push(`(${key}, id) ${onward}= (
      select ${key}, id from users where ${matched} order by ${key} ${sortOrder}, id ${sortOrder} limit 1 offset ${bind(offset)})`);
  } else if (offset > 0) {
    skipped = `offset ${bind(offset)}`;
  }
  const selectSlice = planning(query)<UserRow>(
    `select ${columns} from users where ${conditions.join(' and ')}
    order by ${key} ${sortOrder}, id ${sortOrder} limit ${bind(limit)} ${skipped}`,
  );
  return (await selectSlice(db, ...values)).map(toUser);
}

const deep = 200;

// A plan that suits one text may be hundreds of times too slow for another.
const planning = ({ search }: UserQuery) => (search === undefined ? prepare : planEachTime);

// Addresses sort the same in every database, whatever its locale; names have their own collation.
const sortKey: Record<SortField, string> = {
  created_at: 'created_at',
  updated_at: 'updated_at',
  email: 'email collate "C"',
  full_name: 'full_name',
};

// Literals, since the indexes on few users can't be chosen for a parameter.
const hasRole: Record<Role, string> = {
  user: `role = 'user'`,
  moderator: `role = 'moderator'`,
  admin: `role = 'admin'`,
};

/**
 * The conditions of a query's filters; `bind` adds a value and returns its placeholder. A search lowercases both sides in a named
 * collation, since the database's own may have other rules, or know only ASCII.
 */
function matching({ role, isActive, search }: UserQuery) {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const conditions = ['deleted_at is null'];
  if (role !== undefined) conditions.push(hasRole[role]);
  if (isActive !== undefined) conditions.push(isActive ? 'is_active' : 'not is_active');
  if (search !== undefined) {
    const { part, ofDomain } = normalizePartOfEmailAddress(search);
    const either = [
      `lower(full_name) like lower(${bind(containing(search))}::text collate "und-x-icu")`,
      `email like ${bind(containing(part))}`,
      ...(ofDomain === part ? [] : [`email like ${bind(containing(ofDomain))}`]),
    ];
    conditions.push(`(${either.join(' or ')})`);
  }
  return { conditions, values, bind };
}

const containing = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`;
