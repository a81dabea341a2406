import type { Db } from '../../platform/database/database.ts';
import { planEachTime } from '../../platform/database/prepared.ts';
import { normalizePartOfEmailAddress } from '../../platform/formats/email-address.ts';
import type { User } from '../../access/user.ts';
import { toUser, userColumns, type UserRow } from './users.model.ts';
import { createBinding, filtersOf, orderOf, type Slice, type UserList } from './user-lists.ts';

/** Part of the users whom a search finds. Unless the total is exact, it finds at least as many. */
export interface FoundUsers {
  readonly users: User[];
  readonly total: number;
  readonly totalIsExact: boolean;
}

/**
 * Finds the users of a list by a text. What is frequent fills a page from the first users of the list; fetching everybody who has it, to
 * sort them, would take seconds. What isn't is rare enough to be fetched by the indexes of trigrams.
 */
export async function searchUsers(db: Db, list: UserList, text: string, slice: Slice): Promise<FoundUsers> {
  const first = await search(db, list, text, slice, `order by ${orderOf(list).order} limit ${mostWalked}`);
  const isWhole = first.candidates < mostWalked;
  const isFull = first.total >= (slice.offset ?? 0) + slice.limit;
  if (isWhole || isFull) return { ...first, totalIsExact: isWhole };
  return { ...(await search(db, list, text, slice)), totalIsExact: true };
}

// A text that fills no page of 20 from so many is found some 4,000 times among a million users.
const mostWalked = 5000;

/** How many were found among how many candidates, and one of them, unless the part is empty. */
type Row = (UserRow | { readonly id: null }) & { readonly total: string; readonly candidates: string };

/** Searches all users of a list, or the first of them, from the beginning or after a place. */
async function search(db: Db, list: UserList, text: string, { limit, offset = 0, after }: Slice, first = '') {
  const { key, onward } = orderOf(list);
  const order = `key ${list.sortOrder}, id ${list.sortOrder}`;
  const { values, bind } = createBinding();
  const from = after ? `and (${key}, id) ${onward} (${bind(after.value)}, ${bind(after.id)})` : '';
  // A plan that suits one text may be hundreds of times too slow for another.
  const select = planEachTime<Row>(
    `with candidates as (
      select id, email, lower(full_name) as name, ${key} as key from users where ${filtersOf(list)} ${from} ${first}
    ), found as materialized (
      select id, key from candidates where ${matching(text, bind)}
    )
    select (select count(*) from found) as total, ${first && '(select count(*) from candidates) as candidates,'}
      ${userColumns.join(', ')}
    from (values (true)) always
    left join (select * from found order by ${order} limit ${bind(limit)} offset ${bind(offset)}) part on true
    left join users using (id)
    order by ${order}`,
  );
  const rows = await select(db, ...values);
  const users = rows.filter((row) => row.id !== null).map(toUser);
  return { users, total: Number(rows[0]?.total), candidates: Number(rows[0]?.candidates) };
}

/**
 * The condition that users fulfil whom a text finds; `bind` adds a value and returns its placeholder. Trigrams know one or two characters
 * only at the edge of a word. Both sides are lowercased in a named collation, since the database's own may have other rules, or know only ASCII.
 */
function matching(text: string, bind: (value: string) => string): string {
  const { part, ofDomain } = normalizePartOfEmailAddress(text);
  const hasName = (pattern: string) => `name like lower(${bind(pattern)}::text collate "und-x-icu")`;
  const hasAddress = (pattern: string) => `email like ${bind(pattern)}`;
  const [literal, literalPart, literalOfDomain] = [text, part, ofDomain].map(escape) as [string, string, string];
  const { length } = Array.from(text);
  if (length > 2) {
    const domain = ofDomain === part ? [] : [hasAddress(`%${literalOfDomain}%`)];
    return either(hasName(`%${literal}%`), hasAddress(`%${literalPart}%`), ...domain);
  }
  const beginning = [hasName(`${literal}%`), hasName(`% ${literal}%`), hasAddress(`${literalPart}%`)];
  if (length === 1) return either(...beginning);
  return either(...beginning, hasName(`%${literal}`), hasName(`%${literal} %`));
}

const either = (...conditions: string[]) => `(${conditions.join(' or ')})`;
const escape = (text: string) => text.replace(/[\\%_]/g, '\\$&');
