import { Model } from 'objection';

/** A row of `pending_registrations`: somebody who is no user before their address is verified. */
export class PendingRegistrationModel extends Model {
  static override readonly tableName = 'pending_registrations';

  declare id: string;
  declare email: string;
  declare full_name: string;
  declare password_hash: string;
  declare created_at: Date;
  declare expires_at: Date;
}
