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
 * Finds the users of a list by a text. A frequent text fills the page from the first users of the list; to sort everybody who matches
 * would take seconds. A text that doesn't is rare, so the trigram indexes fetch everybody who matches.
 */
export async function searchUsers(db: Db, list: UserList, text: string, slice: Slice): Promise<FoundUsers> {
  const { candidates, ...first } = await search(db, list, text, slice, mostWalked);
  const isWholeList = candidates < mostWalked;
  const fillsPage = first.total >= (slice.offset ?? 0) + slice.limit;
  if (isWholeList || fillsPage) return { ...first, totalIsExact: isWholeList };
  const { users, total } = await search(db, list, text, slice);
  return { users, total, totalIsExact: true };
}

// If so many don't fill a page of 20, some 4,000 of a million users match.
const mostWalked = 5000;

/** How many match of how many candidates, and one user of the slice, unless it is empty. */
type Row = (UserRow | { readonly id: null }) & { readonly total: string; readonly candidates: string };

/** Searches a list, or only the first `most` of it. */
async function search(db: Db, list: UserList, text: string, { limit, offset = 0, after }: Slice, most?: number) {
  const { key, order, onward } = orderOf(list);
  const orderOfFound = `key ${list.sortOrder}, id ${list.sortOrder}`;
  const { values, bind } = createBinding();
  const from = after ? `and (${key}, id) ${onward} (${bind(after.value)}, ${bind(after.id)})` : '';
  // A plan that suits one text may be hundreds of times too slow for another.
  const select = planEachTime<Row>(
    `with candidates as (
      select id, email, lower(full_name) as name, ${key} as key from users where ${filtersOf(list)} ${from}
      ${most === undefined ? '' : `order by ${order} limit ${most}`}
    ), found as materialized (
      select id, key from candidates where ${matching(text, bind)}
    )
    select (select count(*) from found) as total, ${userColumns.join(', ')}
      ${most === undefined ? '' : ', (select count(*) from candidates) as candidates'}
    from (values (true)) always
    left join (select * from found order by ${orderOfFound} limit ${bind(limit)} offset ${bind(offset)}) part on true
    left join users using (id)
    order by ${orderOfFound}`,
  );
  const rows = await select(db, ...values);
  const users = rows.filter((row) => row.id !== null).map(toUser);
  return { users, total: Number(rows[0]?.total), candidates: Number(rows[0]?.candidates) };
}

/**
 * The condition for a match; `bind` adds a value and returns its placeholder. Trigrams tell one or two characters only at the edge of a
 * word. Both sides are lowercased in a named collation, since the database's own may have other rules, or know only ASCII.
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
