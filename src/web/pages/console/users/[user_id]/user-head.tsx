import { useEffect, useState } from 'preact/hooks';
import { Button } from '../../../../components/button.tsx';
import { Initials } from '../../../../components/console/initials.tsx';
import { useConsole } from '../../../../components/console/viewer.ts';
import { Moment } from '../../../../components/moment.tsx';
import { english } from '../../../../english.ts';
import { Status } from '../status.tsx';
import type { User } from './user-data.ts';

const text = english.user;

/** Who it is, at a glance. */
export function UserHead({ user, isOwn }: { readonly user: User; readonly isOwn: boolean }) {
  const [isCopied, setCopied] = useState(false);
  const roles: Partial<Record<string, string>> = english.account.roles;
  const { columns } = english.users;
  return (
    <div class="user-about">
      <Picture user={user} />
      <dl class="facts columns">
        <div class="user-address">
          <dt>{columns.email}</dt>
          <dd class="tagged">
            <span>{user.email}</span>
            <span class="tag">{user.email_verified ? text.confirmed : english.users.unconfirmed}</span>
          </dd>
        </div>
        <div>
          <dt>{columns.role}</dt>
          <dd class="tagged">
            {roles[user.role] ?? user.role}
            {isOwn && <span class="tag">{text.you}</span>}
          </dd>
        </div>
        <div>
          <dt>{columns.status}</dt>
          <dd>
            <Status isActive={user.is_active} />
          </dd>
        </div>
        <div>
          <dt>{columns.created_at}</dt>
          <dd>
            <Moment at={user.created_at} look="short" isCopied />
          </dd>
        </div>
        <div>
          <dt>{columns.updated_at}</dt>
          <dd>
            <Moment at={user.updated_at} look="short" isCopied />
          </dd>
        </div>
        <div class="user-address">
          <dt>{text.id}</dt>
          <dd class="tagged">
            <code>{user.id}</code>
            <Button look="link" onClick={() => void navigator.clipboard.writeText(user.id).then(() => setCopied(true))}>
              <span class="small" role="status">
                {isCopied ? text.copied : text.copy}
              </span>
            </Button>
          </dd>
        </div>
      </dl>
    </div>
  );
}

function Picture({ user }: { readonly user: User }) {
  const { client } = useConsole();
  const { id, full_name: name, picture_etag: tag } = user;
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (tag === undefined) return undefined;
    let made: string | undefined;
    let isOver = false;
    const show = (picture: Blob) => {
      if (isOver) return;
      made = URL.createObjectURL(picture);
      setUrl(made);
    };
    // Without it, there are still the initials.
    client.getUserPicture(id).then(show, () => {});
    return () => {
      isOver = true;
      if (made !== undefined) URL.revokeObjectURL(made);
      setUrl(undefined);
    };
  }, [client, id, tag]);
  return url === undefined ? <Initials name={name} id={id} /> : <img class="initials" src={url} alt="" />;
}
