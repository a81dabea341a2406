import type { components } from '../../../../openapi/clients/typescript/index.ts';
import { useDone } from '../../components/done.ts';
import { Deed } from '../../components/deed.tsx';
import { Moment } from '../../components/moment.tsx';
import { Section } from '../../components/section.tsx';
import { english } from '../../english.ts';
import { useServices } from '../../services.ts';
import type { SectionProps } from './account-data.ts';

const text = english.sessions;

/** Where somebody is signed in, this session first. */
export function Sessions({ account: { sessions }, reload }: SectionProps) {
  const { client } = useServices();
  const { done, finish } = useDone(reload);
  const sorted = sessions.toSorted((one, other) => Number(other.is_current) - Number(one.is_current));
  return (
    <Section name="sessions" title={text.title} lead={text.lead} done={done}>
      <ul class="entries">
        {sorted.map((session) => (
          <Session
            key={session.id}
            session={session}
            end={() => client.endSession(session.id).then(() => finish(text.ended))}
          />
        ))}
      </ul>
      {sessions.length > 1 && (
        <Deed action={text.endOthers} run={() => client.endOtherSessions().then(() => finish(text.othersEnded))} />
      )}
    </Section>
  );
}

interface SessionItemProps {
  readonly session: components['schemas']['Session'];
  readonly end: () => Promise<void>;
}

function Session({ session, end }: SessionItemProps) {
  const device = text.device(session.client.browser, session.client.device);
  return (
    <li class="entry">
      <div>
        <p class="tagged">
          <strong>{device}</strong>
          {session.is_current && <span class="tag">{text.current}</span>}
        </p>
        <p class="note small">
          {text.lastSeen} <Moment at={session.last_used_at} look="minute" />
          {session.ip_address !== null && ` ${text.from(session.ip_address)}`}
        </p>
      </div>
      {!session.is_current && <Deed look="link" action={text.end} name={text.endName(device)} run={end} />}
    </li>
  );
}
