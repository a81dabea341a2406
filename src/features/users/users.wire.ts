import type { components } from '../../../generated/openapi.ts';
import { entityTag } from '../../http/entity-tags.ts';
import type { User } from '../../access/user.ts';

/** The one place where a user becomes what clients see. */
export function toWireUser(user: User): components['schemas']['User'] {
  return {
    id: user.id,
    email: user.email,
    full_name: user.fullName,
    role: user.role,
    is_active: user.isActive,
    created_at: user.createdAt.toISOString(),
    updated_at: user.updatedAt.toISOString(),
    etag: entityTag(user),
  };
}
