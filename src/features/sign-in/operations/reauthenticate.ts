import type { Handler } from '../../../http/operation.ts';
import type { OwnPasswordService } from '../own-password.service.ts';
import type { PasskeySignInService } from '../passkey-sign-in.service.ts';
import type { LoginWire } from '../sign-in.wire.ts';

interface Services {
  readonly ownPassword: Pick<OwnPasswordService, 'reauthenticate'>;
  readonly passkeySignIn: Pick<PasskeySignInService, 'reauthenticate'>;
}

export function reauthenticate({ ownPassword, passkeySignIn }: Services, wire: LoginWire): Handler<'reauthenticate'> {
  // The contract asks for exactly one of the two.
  return async ({ body: { password = '', passkey }, headers, principal, client, signal }) => {
    const asking = { principal, client, signal };
    const proving = passkey
      ? passkeySignIn.reauthenticate(asking, passkey)
      : ownPassword.reauthenticate(asking, password);
    return wire.reply(headers, await proving);
  };
}
