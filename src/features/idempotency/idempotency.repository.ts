import { raw } from 'objection';
import type { Db } from '../../platform/database/database.ts';
import { IdempotencyKeyModel } from './idempotency.model.ts';

/** Whose an answer is: the user whom it shows, and the one who asked. */
export interface Owners {
  readonly userId: string;
  readonly principalId?: string | undefined;
}

/** An answer that was given to a request with a key. */
export interface StoredReply {
  readonly fingerprint: Buffer;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export async function findReply(db: Db, keyHash: Buffer): Promise<StoredReply | undefined> {
  return IdempotencyKeyModel.query(db).findById(keyHash).where('expires_at', '>', raw('now()'));
}

/** Keeps an answer. An expired one under the same key gives way; a valid one makes this throw a unique violation. */
export async function insertReply(
  db: Db,
  keyHash: Buffer,
  reply: StoredReply,
  { userId, principalId }: Owners,
  ttlSeconds: number,
): Promise<void> {
  await IdempotencyKeyModel.query(db).deleteById(keyHash).where('expires_at', '<=', raw('now()'));
  await IdempotencyKeyModel.query(db).insert({
    key_hash: keyHash,
    fingerprint: reply.fingerprint,
    status: reply.status,
    headers: reply.headers,
    body: reply.body,
    user_id: userId,
    principal_id: principalId ?? null,
    expires_at: raw(`now() + ? * interval '1 second'`, [ttlSeconds]),
  });
}

/** Deletes the answers that show a user and those that the user was given. */
export async function deleteRepliesOfUser(db: Db, userId: string): Promise<void> {
  await IdempotencyKeyModel.query(db).delete().where({ user_id: userId }).orWhere({ principal_id: userId });
}

/** Deletes up to `limit` expired replies; returns how many. */
export async function deleteExpiredReplies(db: Db, limit: number): Promise<number> {
  const expired = IdempotencyKeyModel.query(db).select('key_hash').where('expires_at', '<=', raw('now()'));
  return IdempotencyKeyModel.query(db)
    .delete()
    .whereRaw('key_hash = any(array(?))', [expired.limit(limit).forUpdate().skipLocked()]);
}
