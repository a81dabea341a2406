import type { Handler } from '../../../http/operation.ts';
import type { PasskeySignInService } from '../passkey-sign-in.service.ts';
import type { LoginWire } from '../sign-in.wire.ts';

export function loginWithPasskey(passkeySignIn: PasskeySignInService, wire: LoginWire): Handler<'loginWithPasskey'> {
  return async (request) => {
    const { body, headers, client } = request;
    const deviceToken = wire.deviceToken(request);
    const begun = await passkeySignIn.login({ credential: body.credential, deviceToken }, client);
    return wire.reply(headers, begun);
  };
}
