import type { Handler } from '../../../http/operation.ts';
import type { CodeSignInService } from '../code-sign-in.service.ts';
import { toWireLogin } from '../sign-in.wire.ts';

export function loginWithCode(codeSignIn: CodeSignInService): Handler<'loginWithCode'> {
  return async ({ body, client }) => {
    const { email, code, device_token: deviceToken } = body;
    const begun = await codeSignIn.login({ email, code, deviceToken }, client);
    return { status: 200, headers: {}, body: toWireLogin(begun) };
  };
}
