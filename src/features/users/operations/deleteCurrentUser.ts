import { ifMatch } from '../../../http/entity-tags.ts';
import type { Handler } from '../../../http/operation.ts';
import type { DeletionService } from '../deletion.service.ts';

export function deleteCurrentUser(deletion: DeletionService): Handler<'deleteCurrentUser'> {
  return async ({ principal, headers, client }) =>
    async (db) => {
      const actor = { actorId: principal.id, client };
      await deletion.removeOwn(db, principal.user, ifMatch(headers['if-match']), actor);
      return { status: 204, headers: {}, body: undefined };
    };
}
