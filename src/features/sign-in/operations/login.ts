import type { Handler } from '../../../http/operation.ts';
import type { createSignInService } from '../sign-in.service.ts';
import type { LoginWire } from '../sign-in.wire.ts';

export function login(
  signIn: Pick<ReturnType<typeof createSignInService>, 'login'>,
  wire: LoginWire,
): Handler<'login'> {
  return async (request) => {
    const { body, headers, client, signal } = request;
    const { email, password } = body;
    const deviceToken = wire.deviceToken(request);
    const begun = await signIn.login({ email, password, deviceToken }, client, signal);
    return wire.reply(headers, begun);
  };
}
