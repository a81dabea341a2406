import type { components } from '../../../../../../openapi/clients/typescript/index.ts';
import { addressOf } from '../../../../components/console/address.ts';
import { UserName } from '../../../../components/console/user-name.tsx';
import { useConsole } from '../../../../components/console/viewer.ts';
import { Moment } from '../../../../components/moment.tsx';
import { Section } from '../../../../components/section.tsx';
import { english } from '../../../../english.ts';

const text = english.userEvents;

type Event = components['schemas']['AuditEvent'];

export interface EventsProps {
  readonly user: { readonly id: string };
  readonly events: readonly Event[];
}

/** What happened to the user lately, failed sign-ins too, and the way to all of it. */
export function Events({ user, events }: EventsProps) {
  return (
    <Section name="events" title={text.title} lead={events.length === 0 ? text.none : undefined}>
      <ul class="entries">
        {events.map((event) => (
          <Item key={event.id} event={event} />
        ))}
      </ul>
      <a href={addressOf('/console/events', { user_id: user.id })}>{text.all}</a>
    </Section>
  );
}

function Item({ event }: { readonly event: Event }) {
  const sentences: Partial<Record<string, string>> = english.eventTypes;
  const { type, outcome, created_at: at, ip_address: address } = event;
  return (
    <li class="entry">
      <div>
        <p class={outcome === 'failure' ? 'failed' : undefined}>
          {sentences[type] ?? type}
          <Actor event={event} />
        </p>
        <p class="note small">
          <Moment at={at} look="minute" isCopied />
          {address !== null && ` ${english.sessions.from(address)}`}
        </p>
      </div>
    </li>
  );
}

/** Who did it, if it was somebody else than the user. */
function Actor({ event: { actor_id: actor, user_id: user, details } }: { readonly event: Event }) {
  const { me } = useConsole();
  const roles: Partial<Record<string, string>> = english.account.roles;
  const { from, to } = details;
  return (
    <>
      {from !== undefined && to !== undefined && ` ${text.roleChange(roles[from] ?? from, roles[to] ?? to)}`}
      {actor !== null && actor !== user && (
        <span class="note">
          {' '}
          {text.by} {actor === me.id ? text.you : <UserName id={actor} />}
        </span>
      )}
    </>
  );
}
