import { raw } from 'objection';
import type { Db } from '../../platform/database/database.ts';
import { IdempotencyKeyModel } from './idempotency.model.ts';

/** The user that a kept reply shows, and the one who got it. */
export interface Owners {
  readonly userId: string | null;
  readonly principalId?: string | undefined;
}

/** A kept reply. */
export interface StoredReply {
  readonly fingerprint: Buffer;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export async function findReply(db: Db, keyHash: Buffer): Promise<StoredReply | undefined> {
  return IdempotencyKeyModel.query(db).findById(keyHash).where('expires_at', '>', raw('now()'));
}

/** Stores a reply. Replaces an expired one with the same key; throws a unique violation if one is still valid. */
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

/** Deletes the replies that show a user and those that the user got. */
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
