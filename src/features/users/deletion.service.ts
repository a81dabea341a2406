import type { User } from '../../access/user.ts';
import type { Database, Db } from '../../platform/database/database.ts';
import { ServiceError } from '../../platform/errors.ts';
import { normalizeEmailAddress } from '../../platform/formats/email-address.ts';
import { canonicalUuid, isUuid } from '../../platform/formats/uuid.ts';
import type { Cursors, Place } from '../../platform/lists/cursors.ts';
import { readPart, type Part, type PartRequest } from '../../platform/lists/parts.ts';
import type { Actor } from '../audit/audit-event.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { NoticesService } from '../notices/notices.service.ts';
import type * as deletionRepository from './users.deletion.repository.ts';
import type { DeletedAt, DeletedUser, KnownUser } from './users.deletion.repository.ts';
import type { Precondition, UsersService } from './users.service.ts';

export interface DeletionServiceParts {
  readonly database: Pick<Database, 'pool'>;
  readonly users: Pick<UsersService, 'remove'>;
  readonly deleted: Pick<
    typeof deletionRepository,
    'restoreUser' | 'listRestorable' | 'findKnown' | 'lockNextDeleted' | 'lockDeleted'
  >;
  readonly audit: Pick<AuditService, 'record'>;
  readonly notices: Pick<NoticesService, 'send'>;
  readonly cursors: Cursors;
  /** How long a deleted user can be restored. */
  readonly eraseAfterDays: number;
}

/** A deleted user, and until when they can be restored. */
export interface RestorableUser extends DeletedAt {
  readonly restorableUntil: Date;
}

export type DeletionService = ReturnType<typeof createDeletionService>;

/** Users who delete their own account, and those who come back. */
export function createDeletionService(parts: DeletionServiceParts) {
  const { database, users, deleted, audit, notices, cursors, eraseAfterDays } = parts;
  const erasedAfter = (moment: Date) => new Date(moment.getTime() + eraseAfterDays * 86_400_000);

  return {
    /** Deletes the sender, and mails them until when that can be undone. Throws `precondition_failed` and `last_admin`. */
    async removeOwn(db: Db, { id, email }: User, precondition: Precondition, actor: Actor): Promise<void> {
      try {
        await users.remove(db, id, precondition, actor);
      } catch (error) {
        // Another request was faster, on another device say.
        if (error instanceof ServiceError && error.code === 'not_found') return;
        throw error;
      }
      const now = new Date();
      const values = { at: now.toISOString(), until: erasedAfter(now).toISOString() };
      await notices.send(db, { userId: id, notice: 'account_deleted', values, to: email });
    },

    /** Brings a deleted user back, without their sessions. Throws `not_found`, also once they are erased, and `email_taken`. */
    async restore(db: Db, id: string, actor: Actor): Promise<User> {
      const user = await deleted.restoreUser(db, id);
      if (!user) throw new ServiceError('not_found', { detail: 'There is no deleted user with this id.' });
      await audit.record(db, { ...actor, type: 'user.restored', outcome: 'success', userId: id });
      return user;
    },

    /** Those deleted last first; only those whom `search` finds, if given. Throws `validation_failed` for an invalid cursor. */
    async listRestorable(search: string | undefined, request: PartRequest): Promise<Part<RestorableUser>> {
      const list = {
        name: JSON.stringify(['restorable', search ?? null]),
        read: (limit: number, before?: Place) => deleted.listRestorable(database.pool, { search, before, limit }),
        placeOf: ({ deletedAt, user }: DeletedAt) => ({ value: deletedAt.toISOString(), id: user.id }),
      };
      const { rows, nextCursor } = await readPart(cursors, list, request);
      return { rows: rows.map((row) => ({ ...row, restorableUntil: erasedAfter(row.deletedAt) })), nextCursor };
    },

    /** Finds the user with an id, or all who have an address, or had it when they were deleted; the address in any spelling. */
    findKnown: (idOrAddress: string): Promise<KnownUser[]> =>
      deleted.findKnown(
        database.pool,
        isUuid(idOrAddress) ? { id: canonicalUuid(idOrAddress) } : { email: normalizeEmailAddress(idOrAddress) },
      ),

    /** Locks a deleted user who can no longer be restored. */
    lockNextToErase: (db: Db): Promise<DeletedUser | undefined> => deleted.lockNextDeleted(db, eraseAfterDays),

    /** Locks a deleted user, however long ago that was. */
    lockToErase: (db: Db, id: string): Promise<DeletedUser | undefined> => deleted.lockDeleted(db, id),
  };
}
