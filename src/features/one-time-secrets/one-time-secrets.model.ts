import { Model } from 'objection';

/** A row of `one_time_secrets`: the SHA-256 of a secret, never the secret. It belongs to a user or to a registration. */
export class OneTimeSecretModel extends Model {
  static override readonly tableName = 'one_time_secrets';
  static override readonly idColumn = 'secret_hash';

  declare secret_hash: Buffer;
  declare purpose: string;
  declare user_id: string | null;
  declare registration_id: string | null;
  /** Where it was sent. */
  declare email: string;
  /** The secret is valid while this is the user's; null if credentials don't matter. */
  declare credentials_version: number | null;
  /** The mail that it was sent in, which may have taken several attempts. */
  declare mail_id: string | null;
  declare created_at: Date;
  declare expires_at: Date;
  declare used_at: Date | null;
}
