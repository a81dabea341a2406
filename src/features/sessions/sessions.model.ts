import { Model } from 'objection';
import { UserModel } from '../users/joined-user.ts';

/** A row of `sessions`. */
export class SessionModel extends Model {
  static override readonly tableName = 'sessions';

  static override readonly relationMappings = () => ({
    user: {
      relation: Model.BelongsToOneRelation,
      modelClass: UserModel,
      join: { from: 'sessions.user_id', to: 'users.id' },
    },
  });

  declare id: string;
  declare user_id: string;
  declare created_at: Date;
  declare expires_at: Date;
  declare ended_at: Date | null;
  declare user?: UserModel;
}

/** A row of `refresh_tokens`: the SHA-256 of a token, never the token. */
export class RefreshTokenModel extends Model {
  static override readonly tableName = 'refresh_tokens';
  static override readonly idColumn = 'token_hash';

  static override readonly relationMappings = () => ({
    session: {
      relation: Model.BelongsToOneRelation,
      modelClass: SessionModel,
      join: { from: 'refresh_tokens.session_id', to: 'sessions.id' },
    },
  });

  declare token_hash: Buffer;
  declare session_id: string;
  declare created_at: Date;
  declare used_at: Date | null;
}
