import type { Handler } from '../../../http/operation.ts';
import type { PasskeysService } from '../passkeys.service.ts';
import { toWireAuthentication } from '../passkeys.wire.ts';

export function beginPasskeyLogin(passkeys: PasskeysService): Handler<'beginPasskeyLogin'> {
  return async () => {
    const begun = await passkeys.beginAuthentication();
    return { status: 200, headers: {}, body: toWireAuthentication(begun) };
  };
}
