import { useRoute } from 'preact-iso';
import { Console } from '../../../components/console/console.tsx';
import { Rest } from '../../../components/console/endless.tsx';
import { noteNames } from '../../../components/console/known-users.ts';
import { useListing } from '../../../components/console/listing.ts';
import { useConsole } from '../../../components/console/viewer.ts';
import { Page } from '../../../components/page.tsx';
import { english } from '../../../english.ts';
import { useServices } from '../../../services.ts';
import { EventFilters } from './event-filters.tsx';
import { addressOfEvents, askedOf, everything, readEventQuery } from './event-query.ts';
import { EventTable } from './event-rows.tsx';
import './events.css';

const text = english.audit;
const pageSize = 50;

/** What happened to all accounts, and who did it. */
export default function EventsPage() {
  return (
    <Console least="admin">
      <Events />
    </Console>
  );
}

function Events() {
  const { client } = useConsole();
  const { kept } = useServices();
  const query = readEventQuery(useRoute().query);
  const question = addressOfEvents(query);
  const listing = useListing(question, async (cursor, signal) => {
    const asked = { ...askedOf(query), limit: pageSize, ...(cursor !== undefined && { cursor }) };
    const page = await client.listAuditEvents(asked, { signal });
    noteNames(kept, page);
    return page;
  });
  const { pages, isOld, hasMore, fault } = listing;
  const isEmpty = pages.every(({ items }) => items.length === 0);
  const isFiltered = question !== addressOfEvents(everything);
  return (
    <Page title={text.title} isWide>
      <EventFilters query={query} />
      <p role="status" class="note small">
        {isOld && fault === undefined ? (pages.length > 0 ? text.updating : text.loading) : text.times(timeZone())}
      </p>
      {isEmpty && !isOld && !hasMore && (
        <div class="nobody">
          <h2>{text.none}</h2>
          <p class="note">{isFiltered ? text.noneFilteredHint : text.noneHint}</p>
          {isFiltered && <a href={addressOfEvents(everything)}>{text.clear}</a>}
        </div>
      )}
      {!isEmpty && <EventTable pages={pages.map(({ items }) => items)} isOld={isOld} />}
      <Rest listing={listing} />
    </Page>
  );
}

const timeZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone.replaceAll('_', ' ');
