import type { components } from '../../../../../openapi/clients/typescript/index.ts';
import { Rows } from '../../../components/console/endless.tsx';
import { Initials } from '../../../components/console/initials.tsx';
import { asLastSeen } from '../../../components/console/known-users.ts';
import { Moment } from '../../../components/moment.tsx';
import { english } from '../../../english.ts';
import { useServices } from '../../../services.ts';
import { Status } from './status.tsx';
import { addressOfUsers, type sortFields, usualOrder, type UserQuery } from './user-query.ts';

const text = english.users;

type User = components['schemas']['User'];

export interface UserTableProps {
  readonly query: UserQuery;
  readonly pages: readonly (readonly User[])[];
  /** How many there are; undefined if nobody has counted them to the end. */
  readonly total: number | undefined;
  /** Whether it answers an earlier question. */
  readonly isOld: boolean;
}

/** Users as a table, whose rows lead to each. */
export function UserTable({ query, pages, total, isOld }: UserTableProps) {
  let above = 1;
  return (
    <div
      class={isOld ? 'users listed old' : 'users listed'}
      role="table"
      aria-label={text.list}
      aria-busy={isOld}
      aria-rowcount={total === undefined ? -1 : total + 1}
    >
      <div role="rowgroup">
        <div role="row" aria-rowindex={1} class="user-row user-head">
          <SortHead query={query} field="full_name" />
          <SortHead query={query} field="email" />
          <div role="columnheader">{text.columns.role}</div>
          <div role="columnheader">{text.columns.status}</div>
          <SortHead query={query} field="created_at" />
          <SortHead query={query} field="updated_at" />
        </div>
      </div>
      {pages.map((users, index) => {
        const first = above;
        above += users.length;
        return (
          <Rows key={`${index} ${users[0]?.id ?? ''}`} of={users}>
            {() => users.map((user, place) => <Row key={user.id} listed={user} index={first + place + 1} />)}
          </Rows>
        );
      })}
    </div>
  );
}

interface SortHeadProps {
  readonly query: UserQuery;
  readonly field: (typeof sortFields)[number];
}

function SortHead({ query, field }: SortHeadProps) {
  const isSorted = query.sort_by === field;
  const next = !isSorted ? usualOrder(field) : query.sort_order === 'asc' ? 'desc' : 'asc';
  const order = query.sort_order === 'asc' ? 'ascending' : 'descending';
  return (
    <div role="columnheader" aria-sort={isSorted ? order : undefined}>
      <a href={addressOfUsers({ ...query, sort_by: field, sort_order: next })}>{text.columns[field]}</a>
    </div>
  );
}

function Row({ listed, index }: { readonly listed: User; readonly index: number }) {
  const { kept } = useServices();
  const user = asLastSeen(kept, listed);
  if (!user) return null;
  const { id, email, email_verified: isConfirmed, full_name: name, role, is_active: isActive } = user;
  const roles: Partial<Record<string, string>> = english.account.roles;
  return (
    <div role="row" aria-rowindex={index} class="user-row">
      <div role="cell" class="user-name">
        <Initials name={name} id={id} />
        <a href={`/console/users/${id}`} title={name}>
          {name}
        </a>
      </div>
      <div role="cell" class="user-email">
        <span title={email}>{email}</span>
        {!isConfirmed && <span class="tag">{text.unconfirmed}</span>}
      </div>
      <div role="cell" class={role === 'user' ? 'user-role usual' : 'user-role'}>
        <span class={role === 'user' ? undefined : 'tag'}>{roles[role] ?? role}</span>
      </div>
      <div role="cell" class={isActive ? 'user-status usual' : 'user-status'}>
        <Status isActive={isActive} />
      </div>
      <div role="cell" class="user-created">
        <Moment at={user.created_at} look="short" isCopied />
      </div>
      <div role="cell" class="user-updated">
        <Moment at={user.updated_at} look="short" isCopied />
      </div>
    </div>
  );
}
