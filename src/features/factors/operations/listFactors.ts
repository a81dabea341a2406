import type { Handler } from '../../../http/operation.ts';
import type { FactorsService } from '../factors.service.ts';
import { toWireFactors } from '../factors.wire.ts';

export function listFactors(factors: FactorsService): Handler<'listFactors'> {
  return async ({ principal }) => ({
    status: 200,
    headers: {},
    body: toWireFactors(await factors.listOwn(principal.id)),
  });
}
