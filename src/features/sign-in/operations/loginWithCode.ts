import type { Handler } from '../../../http/operation.ts';
import type { CodeSignInService } from '../code-sign-in.service.ts';
import type { LoginWire } from '../sign-in.wire.ts';

export function loginWithCode(codeSignIn: CodeSignInService, wire: LoginWire): Handler<'loginWithCode'> {
  return async (request) => {
    const { body, headers, client } = request;
    const { email, code } = body;
    const deviceToken = wire.deviceToken(request);
    const begun = await codeSignIn.login({ email, code, deviceToken }, client);
    return wire.reply(headers, begun);
  };
}
