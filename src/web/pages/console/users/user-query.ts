import type { components } from '../../../../../openapi/clients/typescript/index.ts';
import { addressOf } from '../../../components/console/address.ts';

type Schemas = components['schemas'];

/** Which users are listed, and in which order. The address holds all of it, by the contract's names. */
export interface UserQuery {
  readonly search: string;
  readonly role: Schemas['Role'] | undefined;
  readonly is_active: boolean | undefined;
  readonly email_verified: boolean | undefined;
  readonly sort_by: Schemas['UserSortField'];
  readonly sort_order: Schemas['SortDirection'];
}

export const everybody: UserQuery = {
  search: '',
  role: undefined,
  is_active: undefined,
  email_verified: undefined,
  sort_by: 'created_at',
  sort_order: 'desc',
};

export const roles = ['user', 'moderator', 'admin'] as const satisfies readonly Schemas['Role'][];
export const sortFields = ['full_name', 'email', 'created_at', 'updated_at'] as const;

/** What an address asks for; whatever it asks for that does not exist is as if it were not there. */
export function readQuery(parameters: Readonly<Record<string, string>>): UserQuery {
  const { search = '', role, is_active, email_verified, sort_by, sort_order } = parameters;
  const field = sortFields.find((one) => one === sort_by) ?? everybody.sort_by;
  return {
    search,
    role: roles.find((one) => one === role),
    is_active: booleanOf(is_active),
    email_verified: booleanOf(email_verified),
    sort_by: field,
    sort_order: sort_order === 'asc' || sort_order === 'desc' ? sort_order : usualOrder(field),
  };
}

const booleanOf = (text: string | undefined) => (text === 'true' ? true : text === 'false' ? false : undefined);

/** The order that somebody wants first: names from A, times from now. */
export function usualOrder(field: Schemas['UserSortField']): Schemas['SortDirection'] {
  return field === 'created_at' || field === 'updated_at' ? 'desc' : 'asc';
}

/** The address of a list; what is usual is left out. */
export function addressOfUsers(query: UserQuery): string {
  const { search, role, is_active, email_verified, sort_by, sort_order } = query;
  return addressOf('/console/users', {
    search,
    role,
    is_active: is_active?.toString(),
    email_verified: email_verified?.toString(),
    sort_by: sort_by === everybody.sort_by ? undefined : sort_by,
    sort_order: sort_order === usualOrder(sort_by) ? undefined : sort_order,
  });
}
