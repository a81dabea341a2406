import { Model } from 'objection';

/** What a challenge is for. */
export type ChallengePurpose = 'registration' | 'authentication';

/** A row of `passkey_challenges`: the SHA-256 of a challenge that nobody has answered. */
export class PasskeyChallengeModel extends Model {
  static override readonly tableName = 'passkey_challenges';
  static override readonly idColumn = 'challenge_hash';

  declare challenge_hash: Buffer;
  declare purpose: ChallengePurpose;
  /** Who may answer it; null if anybody may. */
  declare user_id: string | null;
  declare created_at: Date;
  declare expires_at: Date;
}
