import { Model } from 'objection';

/** A row of `email_codes`: a mail that brought a code, which is made of the mail's id and a key, and stored nowhere. */
export class EmailCodeModel extends Model {
  static override readonly tableName = 'email_codes';
  static override readonly idColumn = 'mail_id';

  declare mail_id: string;
  declare user_id: string;
  /** Where it was sent. */
  declare email: string;
  /** The code is valid while this is the user's. */
  declare credentials_version: number;
  declare attempts: number;
  declare created_at: Date;
  declare expires_at: Date;
  /** When it was used or replaced. Of a user's codes, one may be open. */
  declare ended_at: Date | null;
}
