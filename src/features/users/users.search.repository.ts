import type { Db } from '../../platform/database/database.ts';
import { planEachTime } from '../../platform/database/prepared.ts';
import type { User } from '../../access/user.ts';
import { toUser, userColumns, type UserRow } from './users.model.ts';
import { createBinding, filtersOf, orderOf, type Slice, type UserList } from './user-lists.ts';
import { matching, matchingWords } from './user-matching.ts';

/** Part of the users whom a search finds. Unless the total is exact, it finds at least as many. */
export interface FoundUsers {
  readonly users: User[];
  readonly total: number;
  readonly totalIsExact: boolean;
  /** The user to go on after, if the search stopped before it had filled the slice. */
  readonly stoppedAt?: User | undefined;
}

/**
 * Finds the users of a list by a text. If it is rare, the trigram indexes fetch everybody who matches. If it is frequent, it fills the
 * page from the first users of the list. If it is frequent only further down, either would take seconds: the search stops, and the next
 * one goes on from there.
 */
export async function searchUsers(db: Db, list: UserList, text: string, slice: Slice): Promise<FoundUsers> {
  if (await isRare(db, text)) return search(db, list, text, slice);
  const near = await search(db, list, text, slice, fewWalked);
  if (!near.stoppedAt) return near;
  return search(db, list, text, slice, mostWalked + (slice.offset ?? 0) * walkedForEach);
}

// Each takes milliseconds, however many users there are. The contract promises exact totals of searches among a thousand.
const mostFetched = 5000;
const fewWalked = 1001;
const mostWalked = 8000;
// Of a million users, a text that isn't rare finds one of two hundred.
const walkedForEach = 200;

/** A user of the slice or, last, the last candidate. If there is neither, one row has the totals. */
type Row = (UserRow | { readonly id: null }) & {
  readonly is_last_candidate: boolean;
  readonly total: string;
  readonly candidates: string;
};

/** Searches a list, or only the first `most` of it. */
async function search(db: Db, list: UserList, text: string, slice: Slice, most?: number): Promise<FoundUsers> {
  const { limit, offset = 0, after } = slice;
  const { key, order, onward } = orderOf(list);
  const { values, bind } = createBinding();
  const byKey = (direction: 'asc' | 'desc') => `key ${direction}, id ${direction}`;
  const from = after ? `and (${key}, id) ${onward} (${bind(after.value)}, ${bind(after.id)})` : '';
  // A plan that suits one text may be hundreds of times too slow for another.
  const select = planEachTime<Row>(
    `with candidates as (
      select id, email, lower(full_name) as name, ${key} as key from users where ${filtersOf(list)} ${from}
      ${most === undefined ? '' : `order by ${order} limit ${most}`}
    ), found as materialized (
      select id, key from candidates where ${matching(text, bind)}
    ), sent as (
      (select id, key, false as is_last_candidate from found
      order by ${byKey(list.sortOrder)} limit ${bind(limit)} offset ${bind(offset)})
      ${most === undefined ? '' : `union all (select id, key, true from candidates order by ${byKey(reverse[list.sortOrder])} limit 1)`}
    )
    select (select count(*) from found) as total, is_last_candidate, ${userColumns.join(', ')}
      ${most === undefined ? '' : ', (select count(*) from candidates) as candidates'}
    from (values (true)) always
    left join sent on true
    left join users using (id)
    order by is_last_candidate, ${byKey(list.sortOrder)}`,
  );
  const rows = await select(db, ...values);
  const present = rows.filter((row) => row.id !== null);
  const users = present.filter((row) => !row.is_last_candidate).map(toUser);
  const total = Number(rows[0]?.total);
  const isWhole = most === undefined || Number(rows[0]?.candidates) < most;
  if (isWhole || total >= offset + limit) return { users, total, totalIsExact: isWhole };
  return { users, total, totalIsExact: false, stoppedAt: present.slice(-1).map(toUser)[0] };
}

const reverse = { asc: 'desc', desc: 'asc' } as const;

/**
 * Whether the trigram indexes would fetch few users. They know only letters and digits, so what else is in the text narrows nothing down:
 * `exa.com` fetches everybody at example.com.
 */
async function isRare(db: Db, text: string): Promise<boolean> {
  const { values, bind } = createBinding();
  const explain = planEachTime<{
    readonly 'QUERY PLAN': readonly [{ readonly Plan: { readonly 'Plan Rows': number } }];
  }>(
    `explain (format json)
    select from (select id, email, lower(full_name) as name from users where deleted_at is null) candidates
    where ${matchingWords(text, bind)}`,
  );
  const [row] = await explain(db, ...values);
  return (row?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0) <= mostFetched;
}
