import { basePath } from '../../../generated/operations.ts';
import type { components } from '../../../generated/openapi.ts';
import { entityTag, pictureEntityTag } from '../../http/entity-tags.ts';
import type { User } from '../../access/user.ts';
import type { RestorableUser } from './deletion.service.ts';

/** The one place where a user becomes what clients see. */
export function toWireUser(user: User): components['schemas']['User'] {
  return {
    id: user.id,
    email: user.email,
    email_verified: user.isEmailVerified,
    full_name: user.fullName,
    ...(user.pictureTag !== undefined && { picture_etag: pictureEntityTag(user.pictureTag) }),
    role: user.role,
    is_active: user.isActive,
    created_at: user.createdAt.toISOString(),
    updated_at: user.updatedAt.toISOString(),
    etag: entityTag(user),
  };
}

/** The one place where a deleted user becomes what clients see. */
export function toWireRestorableUser(restorable: RestorableUser): components['schemas']['RestorableUser'] {
  const { user, deletedAt, restorableUntil } = restorable;
  return {
    id: user.id,
    email: user.email,
    full_name: user.fullName,
    role: user.role,
    deleted_at: deletedAt.toISOString(),
    restorable_until: restorableUntil.toISOString(),
  };
}

/** The reply that shows a user. */
export function found(user: User) {
  const body = toWireUser(user);
  return { status: 200, headers: { ETag: body.etag }, body } as const;
}

/** A user's own account, which shows what others must not see. */
export function foundOwn(user: User) {
  const reply = found(user);
  const { pendingEmail } = user;
  return pendingEmail === undefined ? reply : { ...reply, body: { ...reply.body, pending_email: pendingEmail } };
}

/** The reply to a request that created a user. */
export function created(user: User) {
  const body = toWireUser(user);
  const headers = { Location: `${basePath}/users/${user.id}`, ETag: body.etag };
  return { status: 201, headers, body, shows: user.id } as const;
}
