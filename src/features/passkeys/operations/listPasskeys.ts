import type { Handler } from '../../../http/operation.ts';
import type { PasskeysService } from '../passkeys.service.ts';
import { toWirePasskey } from '../passkeys.wire.ts';

export function listPasskeys(passkeys: PasskeysService): Handler<'listPasskeys'> {
  return async ({ principal }) => {
    const own = await passkeys.list(principal.id);
    return { status: 200, headers: {}, body: { items: own.map(toWirePasskey) } };
  };
}
