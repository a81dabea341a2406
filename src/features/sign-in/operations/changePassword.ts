import type { Handler } from '../../../http/operation.ts';
import type { OwnPasswordService } from '../own-password.service.ts';

export function changePassword(ownPassword: OwnPasswordService): Handler<'changePassword'> {
  return async ({ body, principal, client, signal }) => {
    const asking = { principal, client, signal };
    const change = await ownPassword.change(asking, body.current_password, body.new_password);
    return async (db) => {
      await change(db);
      return { status: 204, headers: {}, body: undefined };
    };
  };
}
