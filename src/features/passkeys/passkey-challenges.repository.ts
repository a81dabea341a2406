import { raw } from 'objection';
import type { Db } from '../../platform/database/database.ts';
import { PasskeyChallengeModel, type ChallengePurpose } from './passkey-challenges.model.ts';

export interface NewChallenge {
  readonly hash: Buffer;
  readonly purpose: ChallengePurpose;
  /** Who may answer it; anybody if it is missing. */
  readonly userId?: string | undefined;
  readonly expiresAt: Date;
}

export async function insertChallenge(db: Db, { hash, purpose, userId, expiresAt }: NewChallenge): Promise<void> {
  const row = { challenge_hash: hash, purpose, user_id: userId ?? null, expires_at: expiresAt };
  await PasskeyChallengeModel.query(db).insert(row);
}

/** Uses a challenge up; of simultaneous attempts, one succeeds. Returns who may answer it; `undefined` if it is not valid. */
export async function takeChallenge(
  db: Db,
  hash: Buffer,
  purpose: ChallengePurpose,
): Promise<{ readonly userId: string | undefined } | undefined> {
  const [row] = await PasskeyChallengeModel.query(db)
    .delete()
    .where({ challenge_hash: hash, purpose })
    .where('expires_at', '>', raw('now()'))
    .returning('user_id');
  return row && { userId: row.user_id ?? undefined };
}

/** Deletes up to `limit` expired challenges; returns how many. */
export async function deleteExpiredChallenges(db: Db, limit: number): Promise<number> {
  const expired = PasskeyChallengeModel.query(db).select('challenge_hash').where('expires_at', '<', raw('now()'));
  return PasskeyChallengeModel.query(db)
    .delete()
    .whereRaw('challenge_hash = any(array(?))', [expired.limit(limit).forUpdate().skipLocked()]);
}
