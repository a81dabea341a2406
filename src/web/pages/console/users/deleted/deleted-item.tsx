import { useState } from 'preact/hooks';
import type { components } from '../../../../../../openapi/clients/typescript/index.ts';
import { useConsole } from '../../../../components/console/viewer.ts';
import { Deed } from '../../../../components/deed.tsx';
import { Moment } from '../../../../components/moment.tsx';
import { english } from '../../../../english.ts';
import { useServices } from '../../../../services.ts';
import { restore } from './restore.ts';

const text = english.deletedUsers;

export interface DeletedItemProps {
  readonly user: components['schemas']['RestorableUser'];
}

/** A deleted user, who can be restored here. */
export function DeletedItem({ user }: DeletedItemProps) {
  const { client } = useConsole();
  const { kept } = useServices();
  const [isRestored, setRestored] = useState(false);
  const { id, email, full_name: name, role } = user;
  const roles: Partial<Record<string, string>> = english.account.roles;
  return (
    <div role="row" class={isRestored ? 'deleted-user restored' : 'deleted-user'}>
      <div role="cell" class="deleted-who">
        <a href={`/console/users/${id}`} title={name}>
          {name}
        </a>
        {role !== 'user' && <span class="tag">{roles[role] ?? role}</span>}
      </div>
      <div role="cell" class="deleted-email" title={email}>
        {email}
      </div>
      <div role="cell" class="deleted-times">
        <span>
          {text.deletedAt} <Moment at={user.deleted_at} look="short" isCopied />
        </span>
        <span>
          {text.until} <Moment at={user.restorable_until} look="short" isCopied />
        </span>
      </div>
      <div role="cell" class="deleted-deed">
        {isRestored ? (
          <p role="status">{text.restored}</p>
        ) : (
          <Deed
            action={text.restore}
            name={text.restoreName(name)}
            run={async () => {
              await restore(client, kept, id);
              setRestored(true);
            }}
          />
        )}
      </div>
    </div>
  );
}
