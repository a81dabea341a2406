import type { Handler } from '../../../http/operation.ts';
import type { FactorsService } from '../factors.service.ts';

export function renewRecoveryCodes(factors: FactorsService): Handler<'renewRecoveryCodes'> {
  return async ({ principal, client }) =>
    async (db) => {
      const codes = await factors.renewRecoveryCodes(db, { principal, client });
      return { status: 200, headers: {}, body: { recovery_codes: codes } };
    };
}
