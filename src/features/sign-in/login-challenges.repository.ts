import { raw } from 'objection';
import type { Db } from '../../platform/database/database.ts';
import type { SessionMethod } from '../sessions/session.ts';
import { sameCredentials } from '../users/joined-user.ts';
import { LoginChallengeModel } from './login-challenges.model.ts';

export { lockUser } from '../users/joined-user.ts';

/** What a challenge is about: somebody who proved the first factor, and has yet to prove the second. */
export interface Challenged {
  readonly userId: string;
  readonly credentialsVersion: number;
  readonly methods: readonly SessionMethod[];
  /** The session that goes on; without one, a session begins. */
  readonly sessionId: string | undefined;
  readonly device: string | undefined;
}

/** Returns when it expires. */
export async function insertChallenge(
  db: Db,
  { userId, credentialsVersion, methods, sessionId, device }: Challenged,
  { hash, ttlSeconds }: { readonly hash: Buffer; readonly ttlSeconds: number },
): Promise<Date> {
  const row = await LoginChallengeModel.query(db)
    .insert({
      token_hash: hash,
      user_id: userId,
      credentials_version: credentialsVersion,
      methods: [...methods],
      session_id: sessionId ?? null,
      device: device ?? null,
      expires_at: raw(`now() + ? * interval '1 second'`, [ttlSeconds]),
    })
    .returning('expires_at');
  return row.expires_at;
}

/** A challenge that can be answered, since it got fewer than `most` wrong answers. */
export async function findChallenge(db: Db, hash: Buffer, most: number): Promise<Challenged | undefined> {
  const row = await open(db, hash).findOne('attempts', '<', most);
  return (
    row && {
      userId: row.user_id,
      credentialsVersion: row.credentials_version,
      methods: row.methods,
      sessionId: row.session_id ?? undefined,
      device: row.device ?? undefined,
    }
  );
}

/** Counts an answer before it is checked, so that simultaneous ones all count; returns whether there was one left. */
export async function countAnswer(db: Db, hash: Buffer, most: number): Promise<boolean> {
  const counted = open(db, hash).where('attempts', '<', most);
  return (await counted.patch({ attempts: raw('attempts + 1') })) > 0;
}

/** Uses a challenge up; of simultaneous answers, one succeeds. Returns whether this one did. */
export async function useChallenge(db: Db, hash: Buffer): Promise<boolean> {
  return (await open(db, hash).patch({ used_at: raw('now()') })) > 0;
}

/** Deletes up to `limit` expired challenges; returns how many. */
export async function deleteExpiredChallenges(db: Db, limit: number): Promise<number> {
  const expired = LoginChallengeModel.query(db).select('token_hash').where('expires_at', '<', raw('now()'));
  return LoginChallengeModel.query(db)
    .delete()
    .whereRaw('token_hash = any(array(?))', [expired.limit(limit).forUpdate().skipLocked()]);
}

function open(db: Db, hash: Buffer) {
  const unchanged = sameCredentials(db, 'login_challenges').where({ is_active: true, deleted_at: null });
  return LoginChallengeModel.query(db)
    .where({ token_hash: hash, used_at: null })
    .where('expires_at', '>', raw('now()'))
    .whereExists(unchanged);
}
