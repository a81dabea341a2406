import type { components } from '../../../../../../openapi/clients/typescript/index.ts';
import { useConsole } from '../../../../components/console/viewer.ts';
import { Deed } from '../../../../components/deed.tsx';
import { useDone } from '../../../../components/done.ts';
import { Moment } from '../../../../components/moment.tsx';
import { Section } from '../../../../components/section.tsx';
import { english } from '../../../../english.ts';
import type { UserSectionProps } from './user-data.ts';

const text = english.userSessions;
const { sessions: words } = english;

type Session = components['schemas']['Session'];

export interface SessionsProps extends UserSectionProps {
  readonly sessions: readonly Session[];
}

/** Where the user is signed in, and a way to end all of it. */
export function Sessions({ user, sessions, reload }: SessionsProps) {
  const { client } = useConsole();
  const { done, finish, forget } = useDone(reload);

  async function endAll(): Promise<void> {
    forget();
    await client.endUserSessions(user.id);
    await finish(text.ended);
  }

  return (
    <Section name="sessions" title={text.title} lead={sessions.length === 0 ? text.none : text.some} done={done}>
      {sessions.length > 0 && (
        <>
          <ul class="entries">
            {sessions.map((session) => (
              <Item key={session.id} session={session} />
            ))}
          </ul>
          <Deed action={text.endAll} run={endAll} />
        </>
      )}
    </Section>
  );
}

function Item({ session }: { readonly session: Session }) {
  const { client, is_current: isCurrent, ip_address: address, methods, last_used_at: usedAt } = session;
  const names: Partial<Record<string, string>> = text.methods;
  return (
    <li class="entry">
      <div>
        <p class="tagged">
          <strong>{words.device(client.browser, client.device)}</strong>
          {isCurrent && <span class="tag">{words.current}</span>}
        </p>
        <p class="note small">
          {words.lastSeen} <Moment at={usedAt} look="minute" isCopied />
          {address !== null && ` ${words.from(address)}`},{' '}
          {text.by(methods.map((method) => names[method] ?? method).join(' + '))}
        </p>
      </div>
    </li>
  );
}
