import type { Handler } from '../../../http/operation.ts';
import type { PasskeysService } from '../passkeys.service.ts';
import { toWirePasskey } from '../passkeys.wire.ts';

export function registerPasskey(passkeys: PasskeysService): Handler<'registerPasskey'> {
  return async ({ body, principal, client }) => {
    const register = await passkeys.register({ principal, client }, body.credential, body.name);
    return async (db) => {
      const { passkey, recoveryCodes } = await register(db);
      const registered = { passkey: toWirePasskey(passkey), recovery_codes: [...recoveryCodes] };
      return { status: 201, headers: {}, body: registered };
    };
  };
}
