import { useState } from 'preact/hooks';
import { Button } from '../../../../components/button.tsx';
import { useConsole } from '../../../../components/console/viewer.ts';
import { Moment } from '../../../../components/moment.tsx';
import { UserPicture } from '../../../../components/user-picture.tsx';
import { english } from '../../../../english.ts';
import { Status } from '../status.tsx';
import type { User } from './user-data.ts';

const text = english.user;

/** Who it is, at a glance. */
export function UserHead({ user, isOwn }: { readonly user: User; readonly isOwn: boolean }) {
  const { client } = useConsole();
  const [isCopied, setCopied] = useState(false);
  const roles: Partial<Record<string, string>> = english.account.roles;
  const { columns } = english.users;
  return (
    <div class="user-about">
      <UserPicture
        tag={user.picture_etag}
        name={user.full_name}
        description={text.picture(user.full_name)}
        load={() => client.getUserPicture(user.id)}
      />
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
