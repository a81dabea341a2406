import { useLocation } from 'preact-iso';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type Client, ProblemError } from '../../../../openapi/clients/typescript/index.ts';
import { english } from '../../english.ts';
import { goingOn } from '../../going-on.ts';
import { messageOf } from '../../problems.ts';
import { signInToReturn } from '../../return-to.ts';
import { useServices } from '../../services.ts';
import { Notice } from '../notice.tsx';
import { Page } from '../page.tsx';
import { ProofDialog } from '../proof-dialog.tsx';
import { Unreachable } from '../unreachable.tsx';
import { ConsoleBar } from './console-bar.tsx';
import { ConsoleProvider, holdsRole, type LeastRole, type Viewer } from './viewer.ts';
import './console.css';

const text = english.console;

export interface ConsoleProps {
  /** Who may see the page. */
  readonly least?: LeastRole;
  /** The page, which finds what it works with by `useConsole`. */
  readonly children: ComponentChildren;
}

/** What surrounds every page of the console: where one can go, who is signed in, and what asks for proofs. */
export function Console({ least = 'moderator', children }: ConsoleProps) {
  const { client, configuration, proofs, kept } = useServices();
  const { route, url } = useLocation();
  const [viewer, setViewer] = useState(() => kept.get('viewer') as Viewer | undefined);
  const [fault, setFault] = useState<unknown>();
  const isLeaving = useRef(false);
  const place = useRef(url);
  place.current = url;
  // What was seen here is not for whoever comes next, by Back, say.
  const goTo = (path: string) => {
    kept.clear();
    route(path, true);
  };
  const leave = () => goTo(signInToReturn(place.current));

  async function load(): Promise<void> {
    try {
      if (!(await client.isSignedIn())) return leave();
      const found = await loadViewer(client);
      kept.set('viewer', found);
      setViewer(found);
      setFault(undefined);
    } catch (error) {
      if (error instanceof ProblemError && error.status === 401) leave();
      else setFault(error);
    }
  }

  const id = viewer?.user.id;
  const signInAgain = useMemo(
    () => async () => {
      await proofs.ask('session');
      await isStill(client, id);
    },
    [client, proofs, id],
  );
  const services = useMemo(
    () =>
      viewer && {
        me: viewer.user,
        isAdmin: holdsRole(viewer.user.role, 'admin'),
        client: goingOn(client, signInAgain),
      },
    [client, viewer, signInAgain],
  );

  useEffect(() => void load(), [client]);
  useEffect(
    () =>
      client.onChange((isSignedIn) => {
        if (isSignedIn) isStill(client, id).catch(() => {});
        else if (!isLeaving.current) signInAgain().catch(leave);
      }),
    [client, id, signInAgain],
  );

  if (!viewer || !services) {
    if (fault instanceof ProblemError) return <Failed message={messageOf(fault)} />;
    if (fault === undefined) return <main class="page" aria-busy="true" />;
    return <Unreachable service={configuration.service_name} retry={() => void load()} />;
  }
  const { user, hasPasskey } = viewer;
  return (
    <div class="console">
      {holdsRole(user.role, 'moderator') && (
        <ConsoleBar
          me={user}
          signOut={() => {
            isLeaving.current = true;
            const go = () => goTo('/sign-in');
            client.signOut().then(go, go);
          }}
        />
      )}
      {holdsRole(user.role, least) ? (
        <ConsoleProvider value={services}>{children}</ConsoleProvider>
      ) : (
        <Forbidden least={holdsRole(user.role, 'moderator') ? 'admin' : 'moderator'} />
      )}
      <ProofDialog email={user.email} hasPasskey={hasPasskey} />
    </div>
  );
}

async function loadViewer(client: Client): Promise<Viewer> {
  const [user, passkeys] = await Promise.all([client.getCurrentUser(), client.listPasskeys()]);
  return { user, hasPasskey: passkeys.items.length > 0 };
}

/** Resolves if the viewer is the same; what was loaded and typed is not for anybody else, so the page begins anew. */
async function isStill(client: Client, id: string | undefined): Promise<void> {
  if (id === undefined) return;
  const { id: now } = await client.getCurrentUser();
  if (now === id) return;
  location.reload();
  await new Promise(() => {});
}

function Failed({ message }: { readonly message: string }) {
  return (
    <Page title={text.title}>
      <Notice kind="danger" isAlert>
        <p>{message}</p>
      </Notice>
    </Page>
  );
}

function Forbidden({ least }: { readonly least: LeastRole }) {
  return (
    <Page title={text.forbiddenTitle} lead={text.forbidden[least]}>
      <a href="/account">{text.account}</a>
    </Page>
  );
}
