import type { User } from '../../access/user.ts';
import type { Database, Db } from '../../platform/database/database.ts';
import { ServiceError } from '../../platform/errors.ts';
import type { Actor } from '../audit/audit-event.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { DeletionService } from '../users/deletion.service.ts';
import type { ErasedUser, Exported, PersonalData } from './personal-data.ts';

export interface PersonalDataServiceParts {
  readonly database: Pick<Database, 'pool' | 'transaction'>;
  readonly kept: readonly PersonalData[];
  readonly deletion: Pick<DeletionService, 'lockNextToErase' | 'lockToErase'>;
  readonly audit: Pick<AuditService, 'record'>;
}

/** What is kept about a user, in all features: exported on request, and erased some time after a deletion. */
export function createPersonalDataService({ database, kept, deletion, audit }: PersonalDataServiceParts) {
  async function eraseLocked(db: Db, user: ErasedUser, actor: Actor): Promise<void> {
    for (const { erase } of kept) await erase(db, user);
    // Recorded last, since erasing removes the details of earlier events.
    await audit.record(db, { ...actor, type: 'user.erased', outcome: 'success', userId: user.id });
  }

  return {
    async read(user: User): Promise<Exported> {
      const parts: Partial<Exported> = {};
      for (const { read } of kept) Object.assign(parts, await read?.(database.pool, user));
      return parts as Exported;
    },

    recordExport: (db: Db, { id }: User, actor: Actor): Promise<void> =>
      audit.record(db, { ...actor, type: 'user.exported', outcome: 'success', userId: id }),

    /** Erases one user who was deleted long enough ago, in one transaction; returns whether there was one. */
    eraseNext: (): Promise<boolean> =>
      database.transaction(async (db) => {
        const user = await deletion.lockNextToErase(db);
        if (user) await eraseLocked(db, user, {});
        return user !== undefined;
      }),

    /** Erases a deleted user now. Throws `not_found` unless they are deleted and not erased. */
    async erase(db: Db, id: string, actor: Actor): Promise<void> {
      const user = await deletion.lockToErase(db, id);
      if (!user) throw new ServiceError('not_found', { detail: 'There is no deleted user with this id.' });
      await eraseLocked(db, user, actor);
    },
  };
}
