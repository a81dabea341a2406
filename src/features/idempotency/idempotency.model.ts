import { Model } from 'objection';

/** A row of `idempotency_keys`: a reply, kept for a day. */
export class IdempotencyKeyModel extends Model {
  static override readonly tableName = 'idempotency_keys';
  static override readonly idColumn = 'key_hash';

  declare key_hash: Buffer;
  declare fingerprint: Buffer;
  declare status: number;
  declare headers: Record<string, string>;
  declare body: string;
  /** The user that the reply shows. */
  declare user_id: string | null;
  /** The user who sent the request. */
  declare principal_id: string | null;
  declare expires_at: Date;
}
