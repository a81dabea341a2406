import type { Handler } from '../../../http/operation.ts';
import { toWireTokens } from '../../sessions/sessions.wire.ts';
import type { OwnPasswordService } from '../own-password.service.ts';

export function reauthenticate(ownPassword: OwnPasswordService): Handler<'reauthenticate'> {
  return async ({ body, principal, client, signal }) => {
    const tokens = await ownPassword.reauthenticate({ principal, client, signal }, body.password);
    return { status: 200, headers: {}, body: toWireTokens(tokens) };
  };
}
