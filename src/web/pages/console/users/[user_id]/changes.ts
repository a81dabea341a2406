import type { components } from '../../../../../../openapi/clients/typescript/index.ts';
import { english } from '../../../../english.ts';
import { roles } from '../user-query.ts';

type Schemas = components['schemas'];

/** What an administrator can write about a user at once. */
export type Editable = Pick<Schemas['User'], 'full_name' | 'role'>;

export const editableFields = ['full_name', 'role'] as const;

/** What has to be sent so that a user is as wanted. */
export function changesTo(user: Editable, wanted: Editable): Schemas['UserChanges'] {
  const role = roles.find((one) => one === wanted.role);
  return {
    ...(wanted.full_name !== user.full_name && { full_name: wanted.full_name }),
    ...(role !== undefined && role !== user.role && { role }),
  };
}

/** What became of a user in words, a sentence for each field. */
export function differences(before: Schemas['User'], now: Schemas['User']): string[] {
  const { fields, users, account, conflict } = english;
  const shown: readonly [string, (user: Schemas['User']) => string][] = [
    [fields.full_name, (user) => user.full_name],
    [fields.email, (user) => user.email],
    [users.role, ({ role }) => (account.roles as Partial<Record<string, string>>)[role] ?? role],
    [users.status, (user) => (user.is_active ? users.active : users.deactivated)],
  ];
  return shown
    .filter(([, of]) => of(before) !== of(now))
    .map(([field, of]) => conflict.change(field, of(before), of(now)));
}
