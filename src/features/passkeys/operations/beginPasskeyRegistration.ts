import type { Handler } from '../../../http/operation.ts';
import type { PasskeysService } from '../passkeys.service.ts';
import { toWireRegistration } from '../passkeys.wire.ts';

export function beginPasskeyRegistration(passkeys: PasskeysService): Handler<'beginPasskeyRegistration'> {
  return async ({ principal }) => {
    const begun = await passkeys.beginRegistration(principal.user);
    return { status: 200, headers: {}, body: toWireRegistration(begun) };
  };
}
