import { useRoute } from 'preact-iso';
import { useAddress } from '../../../../components/console/address.ts';
import { Console } from '../../../../components/console/console.tsx';
import { Rest, Rows } from '../../../../components/console/endless.tsx';
import { useListing } from '../../../../components/console/listing.ts';
import { SearchField } from '../../../../components/console/search-field.tsx';
import { useConsole } from '../../../../components/console/viewer.ts';
import { Page } from '../../../../components/page.tsx';
import { english } from '../../../../english.ts';
import { useServices } from '../../../../services.ts';
import { addressOfDeleted } from './deleted-query.ts';
import { DeletedItem } from './deleted-item.tsx';
import './deleted.css';

const text = english.deletedUsers;
const pageSize = 50;

/** Who was deleted, and can be restored. */
export default function DeletedUsersPage() {
  return (
    <Console least="admin">
      <DeletedUsers />
    </Console>
  );
}

function DeletedUsers() {
  const { client } = useConsole();
  const { configuration } = useServices();
  const go = useAddress();
  const { search = '' } = useRoute().query;
  const listing = useListing(addressOfDeleted(search), (cursor, signal) => {
    const asked = { ...(search !== '' && { search }), ...(cursor !== undefined && { cursor }) };
    return client.listRestorableUsers({ ...asked, limit: pageSize }, { signal });
  });
  const { pages, isOld, hasMore, fault } = listing;
  const isEmpty = pages.every(({ items }) => items.length === 0);
  return (
    <Page title={text.title} lead={text.lead(configuration.erase_after_days)} isWide>
      <search class="deleted-search">
        <SearchField label={text.search} search={search} change={(wanted) => go(addressOfDeleted(wanted), 'typing')} />
      </search>
      <p role="status" class="note small">
        {isOld && fault === undefined
          ? pages.length > 0
            ? english.users.updating
            : english.users.loading
          : !isEmpty && text.newest}
      </p>
      {isEmpty && !isOld && !hasMore && (
        <div class="nobody">
          <h2>{search === '' ? text.none : text.noneFound}</h2>
          <p class="note">{search === '' ? text.noneHint : text.noneFoundHint(search)}</p>
          {search !== '' && <a href={addressOfDeleted('')}>{text.clear}</a>}
        </div>
      )}
      {!isEmpty && (
        <div class={isOld ? 'listed old' : 'listed'} role="table" aria-label={text.list} aria-busy={isOld}>
          {pages.map(({ items }, index) => (
            <Rows key={`${index} ${items[0]?.id ?? ''}`} of={items}>
              {() => items.map((user) => <DeletedItem key={user.id} user={user} />)}
            </Rows>
          ))}
        </div>
      )}
      <Rest listing={listing} />
    </Page>
  );
}
