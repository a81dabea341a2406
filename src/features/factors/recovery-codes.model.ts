import { Model } from 'objection';

/** A row of `recovery_codes`: the SHA-256 of a code, never the code. */
export class RecoveryCodeModel extends Model {
  static override readonly tableName = 'recovery_codes';
  static override readonly idColumn = 'code_hash';

  declare code_hash: Buffer;
  declare user_id: string;
  declare created_at: Date;
  declare used_at: Date | null;
}
