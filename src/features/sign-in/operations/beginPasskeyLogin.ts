import type { Handler } from '../../../http/operation.ts';
import { toWireAuthentication } from '../../passkeys/passkeys.wire.ts';
import type { PasskeySignInService } from '../passkey-sign-in.service.ts';

export function beginPasskeyLogin(passkeySignIn: PasskeySignInService): Handler<'beginPasskeyLogin'> {
  return async ({ body: { challenge_token: challengeToken } }) => {
    const begun = await passkeySignIn.begin(challengeToken);
    return { status: 200, headers: {}, body: toWireAuthentication(begun) };
  };
}
