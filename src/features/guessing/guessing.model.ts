import { Model } from 'objection';

/** A row of `guess_counts`: failures in a row at one account, from one source or (empty) from all unknown devices. */
export class GuessCountModel extends Model {
  static override readonly tableName = 'guess_counts';
  static override readonly idColumn = ['account', 'source'];

  declare account: Buffer;
  declare source: Buffer;
  declare failures: number;
  /** When the next attempt is allowed; null: at once. */
  declare retry_at: Date | null;
  declare expires_at: Date;
}
