import { useState } from 'preact/hooks';
import type { components } from '../../../../openapi/clients/typescript/index.ts';
import { Deed } from '../../components/deed.tsx';
import { Button } from '../../components/button.tsx';
import { InPlace } from '../../components/in-place.tsx';
import { Moment } from '../../components/moment.tsx';
import { Section } from '../../components/section.tsx';
import { english } from '../../english.ts';
import { useServices } from '../../services.ts';
import type { SectionProps } from './account-data.ts';

const text = english.events;

type Event = components['schemas']['AuditEvent'];

/** What happened to the account, and what to do about what should not have happened. */
export function Events({ account: { user, events }, choosePassword }: SectionProps) {
  const { client } = useServices();
  const [older, setOlder] = useState<{
    readonly of: unknown;
    readonly items: readonly Event[];
    readonly cursor: string | null;
  }>();
  // What was loaded beyond the first page belongs to it; when that changes, it is loaded again.
  const more = older?.of === events ? older : { items: [], cursor: events.next_cursor };
  const shown = [...events.items, ...more.items];

  async function loadMore(cursor: string): Promise<void> {
    const page = await client.listOwnEvents({ cursor });
    setOlder({ of: events, items: [...more.items, ...page.items], cursor: page.next_cursor });
  }

  const { cursor } = more;
  return (
    <Section name="events" title={text.title} lead={shown.length === 0 ? text.none : text.lead}>
      <ul class="entries">
        {shown.map((event) => (
          <Item
            key={event.id}
            event={event}
            isOwn={event.actor_id === null || event.actor_id === user.id}
            choosePassword={choosePassword}
          />
        ))}
      </ul>
      {cursor !== null && <Deed action={text.more} run={() => loadMore(cursor)} />}
    </Section>
  );
}

interface ItemProps {
  readonly event: Event;
  readonly isOwn: boolean;
  readonly choosePassword: () => void;
}

function Item({ event, isOwn, choosePassword }: ItemProps) {
  const sentences: Partial<Record<string, string>> = text.types;
  const what = sentences[event.type] ?? event.type;
  return (
    <li class="entry">
      <div>
        {what}
        {!isOwn && ` ${text.bySomebodyElse}`}
        <p class="note small">
          <Moment at={event.created_at} look="minute" />
          {event.ip_address !== null && ` ${english.sessions.from(event.ip_address)}`}
        </p>
      </div>
      <InPlace look="link" action={text.notMe} name={text.notMeName(what, english.moment(event.created_at))}>
        {(close) => (
          <div class="notice danger stack tight">
            <h3>{text.notMeTitle}</h3>
            <p>{text.notMeHint}</p>
            <div class="actions">
              <Button
                onClick={() => {
                  close();
                  choosePassword();
                }}
              >
                {text.changePassword}
              </Button>
              <Button look="secondary" onClick={close}>
                {english.form.cancel}
              </Button>
            </div>
          </div>
        )}
      </InPlace>
    </li>
  );
}
