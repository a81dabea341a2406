import type { Handler } from '../../../http/operation.ts';
import type { DeletionService } from '../deletion.service.ts';
import { found } from '../users.wire.ts';

export function restoreUser(deletion: DeletionService): Handler<'restoreUser'> {
  return async ({ params, principal, client }) =>
    async (db) =>
      found(await deletion.restore(db, params.user_id, { actorId: principal.id, client }));
}
