import { Model } from 'objection';
import type { SessionMethod } from '../sessions/session.ts';

/** A row of `login_challenges`: the SHA-256 of a challenge's token, never the token. */
export class LoginChallengeModel extends Model {
  static override readonly tableName = 'login_challenges';
  static override readonly idColumn = 'token_hash';

  declare token_hash: Buffer;
  declare user_id: string;
  /** The challenge is valid while this is the user's. */
  declare credentials_version: number;
  /** How the first factor was proved. */
  declare methods: SessionMethod[];
  /** The session that goes on once the challenge is answered; null if one begins. */
  declare session_id: string | null;
  /** The known device that the user signs in on. */
  declare device: string | null;
  declare attempts: number;
  declare created_at: Date;
  declare expires_at: Date;
  declare used_at: Date | null;
}
