import { useLocation } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { ProblemError, type components } from '../../../../openapi/clients/typescript/index.ts';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { Page } from '../../components/page.tsx';
import { Unreachable } from '../../components/unreachable.tsx';
import { english } from '../../english.ts';
import { messageOf } from '../../problems.ts';
import { signInToReturn } from '../../return-to.ts';
import { useServices } from '../../services.ts';

const text = english.account;

type User = components['schemas']['User'];

/** Who is signed in. */
export default function Account() {
  const { client, configuration } = useServices();
  const { route, url } = useLocation();
  const [user, setUser] = useState<User>();
  const [fault, setFault] = useState<unknown>();

  async function load(): Promise<void> {
    try {
      if (!(await client.isSignedIn())) return route(signInToReturn(url), true);
      setUser(await client.getCurrentUser());
      setFault(undefined);
    } catch (error) {
      if (error instanceof ProblemError && error.status === 401) route(signInToReturn(url), true);
      else setFault(error);
    }
  }

  useEffect(() => {
    void load();
    return client.onChange((isSignedIn) => {
      if (!isSignedIn) route('/sign-in', true);
    });
  }, []);

  if (fault !== undefined && !(fault instanceof ProblemError)) {
    return <Unreachable service={configuration.service_name} retry={() => void load()} />;
  }
  return (
    <Page title={text.title} lead={user && text.lead(user.full_name)}>
      {fault instanceof ProblemError && (
        <Notice kind="danger" isAlert>
          <p>{messageOf(fault)}</p>
        </Notice>
      )}
      {user && <Facts user={user} />}
      {user && (
        <Button look="secondary" onClick={() => void client.signOut().catch(() => {})}>
          {text.signOut}
        </Button>
      )}
    </Page>
  );
}

function Facts({ user }: { readonly user: User }) {
  const roles: Partial<Record<string, string>> = text.roles;
  const since = new Date(user.created_at).toLocaleDateString('en-GB', { dateStyle: 'long' });
  return (
    <dl class="facts">
      <div>
        <dt>{english.fields.email}</dt>
        <dd>
          {user.email} <span class="note small">({user.email_verified ? text.verified : text.unverified})</span>
        </dd>
      </div>
      <div>
        <dt>{text.role}</dt>
        <dd>{roles[user.role] ?? user.role}</dd>
      </div>
      <div>
        <dt>{text.since}</dt>
        <dd>{since}</dd>
      </div>
    </dl>
  );
}
