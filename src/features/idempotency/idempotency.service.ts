import { createHash, createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { KeyRing } from '../../platform/keys.ts';
import type { Database, Db } from '../../platform/database/database.ts';
import { ServiceError } from '../../platform/errors.ts';
import type { Keep, KeptReply, Once } from '../../http/idempotency.ts';
import type * as idempotencyRepository from './idempotency.repository.ts';

const ttlSeconds = 24 * 60 * 60;

/** Kept replies. */
export interface IdempotencyService {
  readonly once: Once;
  /** Deletes the replies that show a user and those that the user got. */
  readonly forget: (db: Db, userId: string) => Promise<void>;
}

/** Answers a repeated request with its first reply (draft-ietf-httpapi-idempotency-key-header). */
export function createIdempotencyService(parts: {
  readonly database: Pick<Database, 'pool'>;
  readonly replies: typeof idempotencyRepository;
  readonly keys: KeyRing;
}): IdempotencyService {
  const { database, replies, keys } = parts;

  return {
    async once({ scope, principalId, key, body: given, admit }, work) {
      if (key === undefined) return work(async () => {});
      const keyHash = createHash('sha256')
        .update(JSON.stringify([scope, principalId ?? null, key]))
        .digest();
      // Keyed, because a body may contain a password, and a fast hash of one would be worth stealing.
      const body = canonical(given);
      const fingerprintBy = (secret: KeyObject) => createHmac('sha256', secret).update(body).digest();
      const earlier = async () => {
        const stored = await replies.findReply(database.pool, keyHash);
        if (!stored) return undefined;
        await admit?.();
        return replay(stored, keys.map(fingerprintBy));
      };
      const keep: Keep = (db, { status, headers, ...reply }, userId) => {
        const stored = {
          fingerprint: fingerprintBy(keys[0]),
          status,
          headers,
          body: reply.body === undefined ? '' : JSON.stringify(reply.body),
        };
        return replies.insertReply(db, keyHash, stored, { userId, principalId }, ttlSeconds);
      };
      const first = await earlier();
      if (first) return first;
      try {
        return await work(keep);
      } catch (error) {
        // The same request on another connection may have been faster, and made this one fail.
        const winner = await earlier();
        if (winner) return winner;
        throw error;
      }
    },

    forget: (db, userId) => replies.deleteRepliesOfUser(db, userId),
  };
}

function replay(stored: idempotencyRepository.StoredReply, fingerprints: readonly Buffer[]): KeptReply {
  const isSame = fingerprints.some((fingerprint) => timingSafeEqual(stored.fingerprint, fingerprint));
  if (!isSame) throw new ServiceError('idempotency_key_reused');
  const headers = { ...stored.headers, 'Idempotency-Replayed': 'true' };
  return {
    status: stored.status,
    headers,
    body: stored.body === '' ? undefined : (JSON.parse(stored.body) as unknown),
  };
}

// The order of fields in a JSON object has no meaning.
function canonical(body: unknown): string {
  return JSON.stringify(body, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
