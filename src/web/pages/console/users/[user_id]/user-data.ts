import { useEffect, useRef, useState } from 'preact/hooks';
import { type Client, type components, ProblemError } from '../../../../../../openapi/clients/typescript/index.ts';
import { findUser, noteDeletion, noteNames, noteUser } from '../../../../components/console/known-users.ts';
import { useConsole } from '../../../../components/console/viewer.ts';
import { english } from '../../../../english.ts';
import { useServices } from '../../../../services.ts';
import { differences } from './changes.ts';
import { findOnce } from './find-once.ts';

type Schemas = components['schemas'];
export type User = Schemas['User'];

/** What only administrators see beside a user. */
export interface UserDetails {
  readonly sessions: readonly Schemas['Session'][];
  readonly factors: Schemas['FactorList'];
  readonly events: readonly Schemas['AuditEvent'][];
}

export interface UserData {
  /** Null if there is no such user, or none any more. */
  readonly user: User | null;
  /** Undefined while it is being loaded, and for moderators. */
  readonly details: UserDetails | undefined;
  /** The user, for administrators, if they are deleted and can be restored. */
  readonly deleted: Schemas['RestorableUser'] | undefined;
}

/** What every section gets. */
export interface UserSectionProps {
  readonly user: User;
  /** Loads all of it again, after a change. */
  readonly reload: () => Promise<void>;
}

const shownEvents = 10;

/** A user and what belongs to them; at once what is known already, and then what is new. */
export function useUser(id: string) {
  const { client, isAdmin } = useConsole();
  const { kept } = useServices();
  const [data, setData] = useState<UserData | undefined>(() => {
    const user = findUser(kept, id);
    return user && { user, details: undefined, deleted: undefined };
  });
  const [fault, setFault] = useState<unknown>();
  const latest = useRef(id);
  latest.current = id;

  async function load(): Promise<void> {
    try {
      const [user, details] = await Promise.all([
        findOnce(client.getUser(id)),
        isAdmin ? loadDetails(client, kept, id) : undefined,
      ]);
      const deleted = user || !isAdmin ? undefined : await findDeleted(client, id);
      if (user) noteUser(kept, user);
      else noteDeletion(kept, id);
      if (latest.current !== id) return;
      setData({ user: user ?? null, details, deleted });
      setFault(undefined);
    } catch (error) {
      setFault(error);
    }
  }
  useEffect(() => void load(), [id]);
  return { data, fault, load };
}

async function loadDetails(client: Client, kept: Map<string, unknown>, id: string): Promise<UserDetails> {
  const [sessions, factors, events] = await Promise.all([
    findOnce(client.listUserSessions(id)),
    findOnce(client.listUserFactors(id)),
    client.listAuditEvents({ user_id: id, limit: shownEvents }),
  ]);
  noteNames(kept, events);
  return {
    sessions: sessions?.items ?? [],
    factors: factors ?? { items: [], recovery_codes_left: 0 },
    events: events.items,
  };
}

async function findDeleted(client: Client, id: string) {
  const { items } = await client.listRestorableUsers({ search: id, limit: 1 });
  return items[0];
}

/** Changes a user unless somebody else was faster; then it says what they changed, once the page shows it. */
export async function unlessChanged(
  client: Client,
  { user, reload }: UserSectionProps,
  change: (precondition: { readonly ifMatch: string }) => Promise<unknown>,
): Promise<void> {
  try {
    await change({ ifMatch: user.etag });
  } catch (error) {
    if (!(error instanceof ProblemError && error.code === 'precondition_failed')) throw error;
    const [theirs] = await Promise.all([client.getUser(user.id), reload()]);
    throw new Error(english.conflict.elsewhere(differences(user, theirs)), { cause: error });
  }
}
