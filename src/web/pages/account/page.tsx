import { useLocation } from 'preact-iso';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ProblemError } from '../../../../openapi/clients/typescript/index.ts';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { Page } from '../../components/page.tsx';
import { holdsRole } from '../../components/console/viewer.ts';
import { ProofDialog } from '../../components/proof-dialog.tsx';
import { Unreachable } from '../../components/unreachable.tsx';
import { onConfirmation } from '../../confirmations.ts';
import { english } from '../../english.ts';
import { messageOf } from '../../problems.ts';
import { signInToReturn } from '../../return-to.ts';
import { useServices } from '../../services.ts';
import { loadAccount, type AccountData } from './account-data.ts';
import { Address } from './address.tsx';
import { Deletion } from './deletion.tsx';
import { Events } from './events.tsx';
import { Export } from './export.tsx';
import { Factors } from './factors.tsx';
import { Passkeys } from './passkeys.tsx';
import { Password } from './password.tsx';
import { Profile } from './profile.tsx';
import { Sessions } from './sessions.tsx';
import './account.css';

const text = english.account;

const sections = [
  { name: 'profile', title: english.profile.title, Content: Profile },
  { name: 'address', title: english.address.title, Content: Address },
  { name: 'password', title: english.passwordSection.title, Content: Password },
  { name: 'passkeys', title: english.passkeys.title, Content: Passkeys },
  { name: 'factors', title: english.factors.title, Content: Factors },
  { name: 'sessions', title: english.sessions.title, Content: Sessions },
  { name: 'events', title: english.events.title, Content: Events },
  { name: 'export', title: english.export.title, Content: Export },
  { name: 'delete', title: english.deletion.title, Content: Deletion },
];

/** One's own account, in sections that each have one job. */
export default function Account() {
  const { client, configuration } = useServices();
  const { route, url } = useLocation();
  const [account, setAccount] = useState<AccountData>();
  const [fault, setFault] = useState<unknown>();
  const [passwordChoices, setPasswordChoices] = useState(0);
  const [isGone, setGone] = useState(false);
  const isLeaving = useRef(false);

  async function load(): Promise<void> {
    try {
      if (!(await client.isSignedIn())) return route(signInToReturn(url), true);
      setAccount(await loadAccount(client));
      setFault(undefined);
    } catch (error) {
      if (error instanceof ProblemError && error.status === 401) route(signInToReturn(url), true);
      else setFault(error);
    }
  }

  async function leave(deletion: () => Promise<void>): Promise<void> {
    await deletion();
    isLeaving.current = true;
    setGone(true);
    await client.signOut().catch(() => {});
  }

  useEffect(() => {
    void load();
    const ends = [
      client.onChange((isSignedIn) => {
        if (!isSignedIn && !isLeaving.current) route('/sign-in', true);
      }),
      onConfirmation(() => void load()),
    ];
    return () => ends.forEach((end) => end());
  }, []);

  if (isGone) return <Deleted days={configuration.erase_after_days} />;
  if (fault !== undefined && !(fault instanceof ProblemError)) {
    return <Unreachable service={configuration.service_name} retry={() => void load()} />;
  }
  return (
    <Page title={text.title} lead={account && text.lead(account.user.full_name)} isWide>
      {fault instanceof ProblemError && (
        <Notice kind="danger" isAlert>
          <p>{messageOf(fault)}</p>
        </Notice>
      )}
      {account && (
        <div class="account-sign-out">
          {holdsRole(account.user.role, 'moderator') && <a href="/console">{text.console}</a>}
          <Button look="secondary" onClick={() => void client.signOut().catch(() => {})}>
            {text.signOut}
          </Button>
        </div>
      )}
      {account && (
        <div class="account">
          <nav class="account-places" aria-label={text.places}>
            <ul>
              {sections.map(({ name, title }) => (
                <li key={name}>
                  <a href={`#${name}`}>{title}</a>
                </li>
              ))}
            </ul>
          </nav>
          <div class="account-sections">
            {sections.map(({ name, Content }) => (
              <Content
                key={name}
                account={account}
                reload={load}
                choosePassword={() => setPasswordChoices((count) => count + 1)}
                passwordChoices={passwordChoices}
                leave={leave}
              />
            ))}
          </div>
          <ProofDialog email={account.user.email} hasPasskey={account.passkeys.length > 0} />
        </div>
      )}
    </Page>
  );
}

function Deleted({ days }: { readonly days: number }) {
  const until = new Date(Date.now() + days * 86_400_000).toISOString();
  return (
    <Page key="gone" title={english.deletion.doneTitle} lead={english.deletion.done(english.date(until))}>
      <a class="button" href="/">
        {english.deletion.home}
      </a>
    </Page>
  );
}
