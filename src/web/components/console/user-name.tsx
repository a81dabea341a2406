import { useEffect, useState } from 'preact/hooks';
import { ProblemError } from '../../../../openapi/clients/typescript/index.ts';
import { english } from '../../english.ts';
import { useServices } from '../../services.ts';
import { findName, noteUser } from './known-users.ts';
import { useConsole } from './viewer.ts';

interface Found {
  readonly name: string;
  readonly email?: string;
}

/** What is known of a user by what was seen of them so far. */
function useKnownName(id: string | undefined): Found | undefined {
  const { kept } = useServices();
  const known = id === undefined ? undefined : findName(kept, id);
  if (known === null) return { name: english.audit.deleted };
  if (!known) return undefined;
  const { full_name: name, email, is_deleted: isDeleted } = known;
  return { name: isDeleted ? english.audit.nameOfDeleted(name) : name, email };
}

/** The same; whoever is not known is asked for. */
export function useUserName(id: string | undefined): Found | undefined {
  const { kept } = useServices();
  const { client } = useConsole();
  const known = useKnownName(id);
  const [gone, setGone] = useState<string>();
  const [, setFound] = useState<string>();
  const isWanted = id !== undefined && known === undefined && gone !== id;
  useEffect(() => {
    if (!isWanted) return;
    client.getUser(id).then(
      (user) => {
        noteUser(kept, user);
        setFound(user.id);
      },
      (error: unknown) => {
        if (error instanceof ProblemError && error.status === 404) setGone(id);
      },
    );
  }, [id, isWanted]);
  return known ?? (id !== undefined && gone === id ? { name: english.audit.deleted } : undefined);
}

/** A link to a user of a list of events, by their name. */
export function UserName({ id }: { readonly id: string }) {
  const known = useKnownName(id);
  return (
    <a href={`/console/users/${id}`} title={known?.email ?? id}>
      {known?.name ?? `${id.slice(0, 8)}…`}
    </a>
  );
}
