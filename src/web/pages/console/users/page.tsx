import { useRoute } from 'preact-iso';
import type { components } from '../../../../../openapi/clients/typescript/index.ts';
import { Console } from '../../../components/console/console.tsx';
import { Rest } from '../../../components/console/endless.tsx';
import { type Listing, useListing } from '../../../components/console/listing.ts';
import { useConsole } from '../../../components/console/viewer.ts';
import { Page } from '../../../components/page.tsx';
import { english } from '../../../english.ts';
import { UserFilters } from './user-filters.tsx';
import { addressOfUsers, everybody, readQuery, type UserQuery } from './user-query.ts';
import { UserTable } from './user-rows.tsx';
import { addressOfDeleted } from './deleted/deleted-query.ts';
import './users.css';

const text = english.users;
const pageSize = 50;

/** All users, and how to find one. */
export default function UsersPage() {
  return (
    <Console>
      <Users />
    </Console>
  );
}

function Users() {
  const { client, isAdmin } = useConsole();
  const query = readQuery(useRoute().query);
  const listing = useListing(addressOfUsers(query), (cursor, signal) => {
    const { search, ...others } = query;
    const asked = { ...others, ...(search !== '' && { search }), ...(cursor !== undefined && { cursor }) };
    return client.listUsers({ ...withoutUndefined(asked), limit: pageSize }, { signal });
  });
  const { pages, isOld, hasMore, fault } = listing;
  const [first] = pages;
  const isEmpty = pages.every(({ items }) => items.length === 0);
  return (
    <Page title={text.title} isWide>
      {isAdmin && (
        <div class="users-deeds">
          <a class="button" href="/console/users/new">
            {english.newUser.title}
          </a>
          <a class="button secondary" href="/console/users/import">
            {english.newUser.import}
          </a>
          <a href="/console/users/deleted">{english.deletedUsers.title}</a>
        </div>
      )}
      <UserFilters query={query} />
      <p role="status" class="note small">
        {isOld && fault === undefined ? (first ? text.updating : text.loading) : sayTotal(listing)}
      </p>
      {isEmpty && !isOld && !hasMore && <Nobody query={query} />}
      {first && !isEmpty && (
        <UserTable
          query={query}
          pages={pages.map(({ items }) => items)}
          total={first.total_is_exact === true ? (first.total ?? undefined) : undefined}
          isOld={isOld}
        />
      )}
      <Rest listing={listing} />
    </Page>
  );
}

type UserPage = components['schemas']['UserPage'];

/** How many there are. A search may not know before its end. */
function sayTotal({ pages, hasMore }: Listing<UserPage>): string {
  const [first] = pages;
  if (!first) return '';
  const shown = pages.reduce((sum, { items }) => sum + items.length, 0);
  if (!hasMore) return text.total(shown);
  const total = first.total ?? 0;
  return first.total_is_exact === true ? text.total(total) : text.totalAtLeast(total > 0 ? total : shown);
}

function Nobody({ query }: { readonly query: UserQuery }) {
  const { isAdmin } = useConsole();
  const { search, role, is_active, email_verified } = query;
  const isFiltered = [role, is_active, email_verified].some((filter) => filter !== undefined);
  return (
    <div class="nobody">
      <h2>{text.none}</h2>
      <p class="note">
        {text.noneHint(search)} {search !== '' && isFiltered && text.noneFiltered}
      </p>
      <a href={addressOfUsers(everybody)}>{text.clear}</a>
      {isAdmin && search !== '' && <a href={addressOfDeleted(search)}>{text.amongDeleted}</a>}
    </div>
  );
}

type Given<Query> = { [Name in keyof Query]: Exclude<Query[Name], undefined> };

/** A query without what is undefined, as the client's types want it. */
function withoutUndefined<Query extends object>(query: Query): Partial<Given<Query>> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as Partial<Given<Query>>;
}
