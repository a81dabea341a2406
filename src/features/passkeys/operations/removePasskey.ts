import type { Handler } from '../../../http/operation.ts';
import type { PasskeysService } from '../passkeys.service.ts';

export function removePasskey(passkeys: PasskeysService): Handler<'removePasskey'> {
  return async ({ params, principal, client }) =>
    async (db) => {
      await passkeys.remove(db, { principal, client }, params.passkey_id);
      return { status: 204, headers: {}, body: undefined };
    };
}
