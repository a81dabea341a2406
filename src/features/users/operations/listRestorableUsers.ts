import type { Handler } from '../../../http/operation.ts';
import type { DeletionService } from '../deletion.service.ts';
import { toWireRestorableUser } from '../users.wire.ts';

export function listRestorableUsers(deletion: DeletionService): Handler<'listRestorableUsers'> {
  return async ({ query: { search, limit, cursor } }) => {
    const page = await deletion.listRestorable(search, { limit, cursor });
    return {
      status: 200,
      headers: {},
      body: { items: page.rows.map(toWireRestorableUser), next_cursor: page.nextCursor },
    };
  };
}
