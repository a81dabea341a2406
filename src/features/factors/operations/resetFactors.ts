import type { Handler } from '../../../http/operation.ts';
import type { FactorsService } from '../factors.service.ts';

export function resetFactors(factors: FactorsService): Handler<'resetFactors'> {
  return async ({ params, principal, client }) =>
    async (db) => {
      await factors.removeAll(db, params.user_id, { actorId: principal.id, client });
      return { status: 204, headers: {}, body: undefined };
    };
}
