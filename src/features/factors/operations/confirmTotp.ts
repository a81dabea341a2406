import type { Handler } from '../../../http/operation.ts';
import { toWireConfirmed } from '../factors.wire.ts';
import type { TotpService } from '../totp.service.ts';

export function confirmTotp(totp: TotpService): Handler<'confirmTotp'> {
  return async ({ params, body, principal, client }) =>
    async (db) => {
      const confirmed = await totp.confirm(db, { principal, client }, params.factor_id, body.code);
      return { status: 200, headers: {}, body: toWireConfirmed(confirmed) };
    };
}
