import { useAddress } from '../../../components/console/address.ts';
import { SearchField } from '../../../components/console/search-field.tsx';
import { Select } from '../../../components/select.tsx';
import { english } from '../../../english.ts';
import { addressOfUsers, roles, sortFields, type UserQuery } from './user-query.ts';

const text = english.users;

const roleNames = { '': text.anyRole, ...english.account.roles };
const statusNames = { '': text.anyStatus, true: text.active, false: text.deactivated };
const addressNames = { '': text.anyAddress, true: text.confirmed, false: text.unconfirmed };
const directions = ['asc', 'desc'] as const;
const orders = Object.fromEntries(
  sortFields.flatMap((field) => directions.map((order) => [`${field} ${order}`, text.orders[field][order]])),
);

/** What narrows the list down. All of it is in the address. */
export function UserFilters({ query }: { readonly query: UserQuery }) {
  const go = useAddress();
  const change = (changes: Partial<UserQuery>) => go(addressOfUsers({ ...query, ...changes }), 'step');
  return (
    <search class="filters">
      <SearchField
        label={text.search}
        search={query.search}
        change={(search) => go(addressOfUsers({ ...query, search }), 'typing')}
      />
      <Select
        label={text.role}
        value={query.role ?? ''}
        options={roleNames}
        choose={(value) => change({ role: roles.find((role) => role === value) })}
      />
      <Select
        label={text.status}
        value={query.is_active?.toString() ?? ''}
        options={statusNames}
        choose={(value) => change({ is_active: value === '' ? undefined : value === 'true' })}
      />
      <Select
        label={text.address}
        value={query.email_verified?.toString() ?? ''}
        options={addressNames}
        choose={(value) => change({ email_verified: value === '' ? undefined : value === 'true' })}
      />
      <div class="filters-order">
        <Select
          label={text.sort}
          value={`${query.sort_by} ${query.sort_order}`}
          options={orders}
          choose={(value) => {
            const [by, order] = value.split(' ');
            const sort_by = sortFields.find((field) => field === by) ?? query.sort_by;
            change({ sort_by, sort_order: order === 'asc' ? 'asc' : 'desc' });
          }}
        />
      </div>
    </search>
  );
}
