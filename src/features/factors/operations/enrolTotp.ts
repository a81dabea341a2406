import type { Handler } from '../../../http/operation.ts';
import type { TotpService } from '../totp.service.ts';

export function enrolTotp(totp: TotpService): Handler<'enrolTotp'> {
  return async ({ body, principal, client }) =>
    async (db) => {
      const { factorId, secret, uri } = await totp.enrol(db, { principal, client }, body.name);
      return { status: 201, headers: {}, body: { factor_id: factorId, secret, uri } };
    };
}
