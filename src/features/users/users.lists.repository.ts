import type { Db } from '../../platform/database/database.ts';
import { prepare } from '../../platform/database/prepared.ts';
import type { User } from '../../access/user.ts';
import { toUser, userColumns, type UserRow } from './users.model.ts';
import { createBinding, filtersOf, orderOf, type Slice, type UserFilters, type UserList } from './user-lists.ts';

/** Counts the users of a list, but no more than `most`. */
export async function countUsers(db: Db, list: UserFilters, most: number): Promise<number> {
  // If most users match, an index is read in order: deleted users may fill the beginning of the table.
  const isNarrow = list.isActive === false || list.isEmailVerified === false || (list.role ?? 'user') !== 'user';
  const order = isNarrow ? '' : 'order by created_at, id';
  const count = prepare<{ count: string }>(
    `select count(*) from (select from users where ${filtersOf(list)} ${order} limit ${most}) counted`,
  );
  const [row] = await count(db);
  return Number(row?.count);
}

/** Counts the users who were deleted and are not erased yet, but no more than `most`. */
export async function countDeletedUsers(db: Db, most: number): Promise<number> {
  const [row] = await selectDeletedCount(db, most);
  return row?.count ?? 0;
}

const selectDeletedCount = prepare<{ count: number }>(
  `select count(*)::int from (
    select from users where deleted_at is not null and erased_at is null order by deleted_at limit $1
  ) as counted`,
);

// SQL, because with Objection a list took a third more CPU time.
export async function listUsers(db: Db, list: UserList, slice: Slice): Promise<User[]> {
  const { limit, offset = 0, after } = slice;
  const { key, order, onward } = orderOf(list);
  const { values, bind } = createBinding();
  const filters = filtersOf(list);
  let from = '';
  let skipped = '';
  if (after) {
    from = `and (${key}, id) ${onward} (${bind(after.value)}, ${bind(after.id)})`;
  } else if (offset >= deep) {
    // The first row is found in an index alone; `offset` would fetch every row before it.
    from = `and (${key}, id) ${onward}= (
      select ${key}, id from users where ${filters} order by ${order} limit 1 offset ${bind(offset)})`;
  } else if (offset > 0) {
    skipped = `offset ${bind(offset)}`;
  }
  // A limit that PostgreSQL knows is planned once; any other would be a statement of its own in each connection.
  const rows = usualLimits.has(limit) ? limit : bind(limit);
  const selectSlice = prepare<UserRow>(
    `select ${userColumns.join(', ')} from users where ${filters} ${from} order by ${order} limit ${rows} ${skipped}`,
  );
  return (await selectSlice(db, ...values)).map(toUser);
}

const deep = 200;

/** Of pages, and the user after them. */
const usualLimits: ReadonlySet<number> = new Set([21, 51, 101]);
