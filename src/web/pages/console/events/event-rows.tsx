import type { components } from '../../../../../openapi/clients/typescript/index.ts';
import { Rows } from '../../../components/console/endless.tsx';
import { UserName } from '../../../components/console/user-name.tsx';
import { Moment } from '../../../components/moment.tsx';
import { english } from '../../../english.ts';
import { addressOfEvents } from './event-query.ts';

const text = english.audit;

type Event = components['schemas']['AuditEvent'];

export interface EventTableProps {
  readonly pages: readonly (readonly Event[])[];
  /** Whether it answers an earlier question. */
  readonly isOld: boolean;
}

/** Events as a table. Each opens, and shows all that is known about it. */
export function EventTable({ pages, isOld }: EventTableProps) {
  return (
    <div class={isOld ? 'events listed old' : 'events listed'} role="table" aria-label={text.list} aria-busy={isOld}>
      <div role="rowgroup">
        <div role="row" class="event-row event-head">
          {Object.entries(text.columns).map(([name, label]) => (
            <div key={name} role="columnheader">
              {label}
            </div>
          ))}
        </div>
      </div>
      {pages.map((events, index) => (
        <Rows key={`${index} ${events[0]?.id ?? ''}`} of={events}>
          {() => events.map((event) => <Row key={event.id} event={event} />)}
        </Rows>
      ))}
    </div>
  );
}

function Row({ event }: { readonly event: Event }) {
  const { created_at: at, type, outcome, user_id: userId, actor_id: actorId, ip_address: address, details } = event;
  const sentences: Partial<Record<string, string>> = english.eventTypes;
  const more = text.add(details);
  return (
    <div role="row" class="event-row">
      <div role="cell" class="event-when">
        <Moment at={at} look="second" isCopied />
      </div>
      <div role="cell" class="event-what">
        <details>
          <summary class={outcome === 'success' ? undefined : 'failed'}>
            <span>{sentences[type] ?? type}</span>
            {more !== '' && <span class="note">, {more}</span>}
          </summary>
          <Details event={event} />
        </details>
      </div>
      <div role="cell" class="event-user">
        {userId === null ? <span class="note">{text.noUser}</span> : <UserName id={userId} />}
      </div>
      <div role="cell" class={actorId === null || actorId === userId ? 'event-actor usual' : 'event-actor'}>
        <Actor event={event} />
      </div>
      <div role="cell" class="event-address">
        {address}
      </div>
    </div>
  );
}

function Actor({ event: { user_id: userId, actor_id: actorId, details } }: { readonly event: Event }) {
  if (actorId !== null && actorId !== userId) return <UserName id={actorId} />;
  if (actorId === null) return details['by'] === 'operator' ? <span class="note">{text.operator}</span> : null;
  return <span class="note">{text.themselves}</span>;
}

function Details({ event }: { readonly event: Event }) {
  const { created_at: at, type, outcome, user_id: userId, actor_id: actorId } = event;
  const words: Partial<Record<string, string>> = text.outcomes;
  const facts = [
    [text.details.exact, at],
    [text.details.outcome, words[outcome] ?? outcome],
    ...Object.entries(event.details).map(([name, value]) => [text.details.more(name), value]),
    [text.details.program, event.user_agent],
    [text.details.session, event.session_id],
    [text.details.request, event.request_id],
  ];
  return (
    <div class="event-details">
      <dl class="facts">
        {facts.map(
          ([name, value]) =>
            value != null && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      <p class="event-links">
        {userId !== null && <a href={addressOfEvents({ user_id: userId })}>{text.details.ofUser}</a>}
        {actorId !== null && <a href={addressOfEvents({ actor_id: actorId })}>{text.details.byActor}</a>}
        <a href={addressOfEvents({ type })}>{text.details.ofType}</a>
      </p>
    </div>
  );
}
