import type { Handler } from '../../../http/operation.ts';
import type { FactorsService } from '../factors.service.ts';

export function removeFactor(factors: FactorsService): Handler<'removeFactor'> {
  return async ({ params, principal, client }) =>
    async (db) => {
      await factors.remove(db, { principal, client }, params.factor_id);
      return { status: 204, headers: {}, body: undefined };
    };
}
