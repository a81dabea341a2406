import type { Handler } from '../../../http/operation.ts';
import type { PasskeysService } from '../passkeys.service.ts';
import { toWirePasskey } from '../passkeys.wire.ts';

export function renamePasskey(passkeys: PasskeysService): Handler<'renamePasskey'> {
  return async ({ body, params, principal, client }) =>
    async (db) => {
      const renamed = await passkeys.rename(db, { principal, client }, params.passkey_id, body.name);
      return { status: 200, headers: {}, body: toWirePasskey(renamed) };
    };
}
