import type { Handler } from '../../../http/operation.ts';
import type { PasskeySignInService } from '../passkey-sign-in.service.ts';
import { toWireLogin } from '../sign-in.wire.ts';

export function loginWithPasskey(passkeySignIn: PasskeySignInService): Handler<'loginWithPasskey'> {
  return async ({ body: { credential, device_token: deviceToken }, client }) => {
    const begun = await passkeySignIn.login({ credential, deviceToken }, client);
    return { status: 200, headers: {}, body: toWireLogin(begun) };
  };
}
