import { useId } from 'preact/hooks';
import { useAddress } from '../../../components/console/address.ts';
import { PersonFilter } from '../../../components/console/person-filter.tsx';
import { Select } from '../../../components/select.tsx';
import { english } from '../../../english.ts';
import { addressOfEvents, outcomes, type EventQuery } from './event-query.ts';

const text = english.audit;

const typeNames = { '': text.anyType, ...english.eventTypes };
const outcomeNames = { '': text.anyOutcome, ...text.outcomes };

/** What narrows the list down. All of it is in the address. */
export function EventFilters({ query }: { readonly query: EventQuery }) {
  const go = useAddress();
  const change = (changes: Partial<EventQuery>) => go(addressOfEvents({ ...query, ...changes }), 'step');
  const { type, outcome, from, to } = query;
  // A type of a newer server can be in a link.
  const types = type === undefined || type in typeNames ? typeNames : { ...typeNames, [type]: type };
  return (
    <search class="event-filters">
      <Select
        label={text.type}
        value={type ?? ''}
        options={types}
        choose={(value) => change({ type: value === '' ? undefined : value })}
      />
      <Select
        label={text.outcome}
        value={outcome ?? ''}
        options={outcomeNames}
        choose={(value) => change({ outcome: outcomes.find((one) => one === value) })}
      />
      <PersonFilter label={text.user} id={query.user_id} choose={(id) => change({ user_id: id })} />
      <PersonFilter label={text.actor} id={query.actor_id} choose={(id) => change({ actor_id: id })} />
      <Day label={text.from} value={from} most={to} choose={(day) => change({ from: day })} />
      <Day label={text.to} value={to} least={from} choose={(day) => change({ to: day })} />
    </search>
  );
}

interface DayProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly least?: string | undefined;
  readonly most?: string | undefined;
  readonly choose: (day: string | undefined) => void;
}

function Day({ label, value = '', least, most, choose }: DayProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="date"
        value={value}
        min={least}
        max={most}
        onChange={({ currentTarget }) => choose(currentTarget.value === '' ? undefined : currentTarget.value)}
      />
    </div>
  );
}
