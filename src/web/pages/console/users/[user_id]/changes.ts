import type { components } from '../../../../../../openapi/clients/typescript/index.ts';
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
