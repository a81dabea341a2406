import { useRoute } from 'preact-iso';
import { useState } from 'preact/hooks';
import { Button } from '../../../components/button.tsx';
import { useAddress } from '../../../components/console/address.ts';
import { Console } from '../../../components/console/console.tsx';
import { Rest, Rows } from '../../../components/console/endless.tsx';
import { useListing } from '../../../components/console/listing.ts';
import { useConsole } from '../../../components/console/viewer.ts';
import { Page } from '../../../components/page.tsx';
import { Select } from '../../../components/select.tsx';
import { english } from '../../../english.ts';
import { addressOfJobs, readJobQuery, states, wordsOf, type JobQuery } from './job-query.ts';
import { JobItem } from './job-item.tsx';
import './jobs.css';

const text = english.jobs;
const pageSize = 50;

/** What the server does by itself, and what of it has failed. */
export default function JobsPage() {
  return (
    <Console least="admin">
      <Jobs />
    </Console>
  );
}

function Jobs() {
  const { client } = useConsole();
  const query = readJobQuery(useRoute().query);
  const [looks, setLooks] = useState(0);
  const address = addressOfJobs(query);
  const listing = useListing(looks === 0 ? address : `${address} ${looks}`, (cursor, signal) => {
    const { state, name } = query;
    const asked = {
      ...(state && { state }),
      ...(name !== undefined && { name }),
      ...(cursor !== undefined && { cursor }),
    };
    return client.listJobs({ ...asked, limit: pageSize }, { signal });
  });
  const { pages, isOld, hasMore, fault } = listing;
  const isEmpty = pages.every(({ items }) => items.length === 0);
  const isFiltered = address !== addressOfJobs({});
  return (
    <Page title={text.title} lead={text.lead} isWide>
      <JobFilters query={query} />
      <div class="jobs-state">
        <p role="status" class="note small">
          {isOld && fault === undefined ? (pages.length > 0 ? text.updating : text.loading) : text.newest}
        </p>
        <Button look="link" onClick={() => setLooks((count) => count + 1)}>
          {text.again}
        </Button>
      </div>
      {isEmpty && !isOld && !hasMore && (
        <div class="nobody">
          <h2>{text.none}</h2>
          <p class="note">{isFiltered ? text.noneFilteredHint : text.noneHint}</p>
          {isFiltered && <a href={addressOfJobs({})}>{text.clear}</a>}
        </div>
      )}
      {!isEmpty && (
        <div class={isOld ? 'listed old' : 'listed'} role="table" aria-label={text.list} aria-busy={isOld}>
          {pages.map(({ items }, index) => (
            <Rows key={`${looks} ${index} ${items[0]?.id ?? ''}`} of={items}>
              {() => items.map((job) => <JobItem key={job.id} listed={job} />)}
            </Rows>
          ))}
        </div>
      )}
      <Rest listing={listing} />
    </Page>
  );
}

function JobFilters({ query }: { readonly query: JobQuery }) {
  const go = useAddress();
  const change = (changes: Partial<JobQuery>) => go(addressOfJobs({ ...query, ...changes }), 'step');
  const { state, name } = query;
  // Names come and go with releases, so a link may have another.
  const known = name === undefined ? text.names : { ...text.names, [name]: wordsOf(name) };
  return (
    <search class="job-filters">
      <Select
        label={text.state}
        value={state ?? ''}
        options={{ '': text.anyState, ...text.states }}
        choose={(value) => change({ state: states.find((one) => one === value) })}
      />
      <Select
        label={text.name}
        value={name ?? ''}
        options={{ '': text.anyName, ...known }}
        choose={(value) => change({ name: value === '' ? undefined : value })}
      />
    </search>
  );
}
