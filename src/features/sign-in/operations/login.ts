import type { Handler } from '../../../http/operation.ts';
import type { createSignInService } from '../sign-in.service.ts';
import { toWireLogin } from '../sign-in.wire.ts';

export function login(signIn: Pick<ReturnType<typeof createSignInService>, 'login'>): Handler<'login'> {
  return async ({ body, client, signal }) => {
    const { email, password, device_token: deviceToken } = body;
    const begun = await signIn.login({ email, password, deviceToken }, client, signal);
    return { status: 200, headers: {}, body: toWireLogin(begun) };
  };
}
