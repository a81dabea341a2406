import { Model } from 'objection';

/** A row of `sessions`. */
export class SessionModel extends Model {
  static override readonly tableName = 'sessions';

  declare id: string;
  declare user_id: string;
  declare created_at: Date;
  declare expires_at: Date;
  declare ended_at: Date | null;
}

/** A row of `refresh_tokens`: the SHA-256 of a token, never the token. */
export class RefreshTokenModel extends Model {
  static override readonly tableName = 'refresh_tokens';
  static override readonly idColumn = 'token_hash';

  declare token_hash: Buffer;
  declare session_id: string;
  declare created_at: Date;
  declare used_at: Date | null;
}
