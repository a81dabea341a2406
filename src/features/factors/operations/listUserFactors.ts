import type { Handler } from '../../../http/operation.ts';
import type { FactorsService } from '../factors.service.ts';
import { toWireFactors } from '../factors.wire.ts';

export function listUserFactors(factors: FactorsService): Handler<'listUserFactors'> {
  return async ({ params }) => ({
    status: 200,
    headers: {},
    body: toWireFactors(await factors.list(params.user_id)),
  });
}
