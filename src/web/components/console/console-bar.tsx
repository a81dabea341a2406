import { useLocation } from 'preact-iso';
import type { components } from '../../../../openapi/clients/typescript/index.ts';
import { english } from '../../english.ts';
import { Button } from '../button.tsx';
import { Initials } from './initials.tsx';
import { holdsRole, type LeastRole } from './viewer.ts';

const text = english.console;

interface Place {
  readonly href: string;
  readonly name: string;
  readonly least: LeastRole;
}

const overview = '/console';
const places: readonly Place[] = [
  { href: overview, name: text.overview, least: 'moderator' },
  { href: '/console/users', name: text.users, least: 'moderator' },
  { href: '/console/events', name: text.events, least: 'admin' },
  { href: '/console/jobs', name: text.jobs, least: 'admin' },
];

export interface ConsoleBarProps {
  readonly me: components['schemas']['User'];
  readonly signOut: () => void;
}

/** Where one can go in the console, and who is signed in. */
export function ConsoleBar({ me, signOut }: ConsoleBarProps) {
  const { path } = useLocation();
  const isHere = (href: string) => path === href || (href !== overview && path.startsWith(`${href}/`));
  const roles: Partial<Record<string, string>> = english.account.roles;
  return (
    <>
      <nav class="console-places" aria-label={text.places}>
        {places
          .filter(({ least }) => holdsRole(me.role, least))
          .map(({ href, name }) => (
            <a key={href} href={href} aria-current={isHere(href) ? 'page' : undefined}>
              {name}
            </a>
          ))}
      </nav>
      <div class="console-person">
        <button type="button" popovertarget="console-person" aria-label={text.person(me.full_name)}>
          <span class="console-name" aria-hidden="true">
            {me.full_name}
          </span>
          <Initials name={me.full_name} id={me.id} />
        </button>
        <nav id="console-person" popover="auto" aria-label={text.you}>
          <div>
            <strong>{me.full_name}</strong>
            <p class="note small">{me.email}</p>
            <p class="note small">{roles[me.role] ?? me.role}</p>
          </div>
          <a href="/account">{text.account}</a>
          <Button look="link" onClick={signOut}>
            {text.signOut}
          </Button>
        </nav>
      </div>
    </>
  );
}
