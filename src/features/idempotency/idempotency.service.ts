import { createHash, createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { KeyRing } from '../../platform/keys.ts';
import type { Database, Db } from '../../platform/database/database.ts';
import { ServiceError } from '../../platform/errors.ts';
import type * as idempotencyRepository from './idempotency.repository.ts';

const ttlSeconds = 24 * 60 * 60;

/** A request that may be sent again. */
export interface RepeatableRequest {
  /** What the key is unique in: an operation and, where nobody is signed in, what else tells senders apart. */
  readonly scope: readonly string[];
  /** Who sends it; keys of others are other keys. */
  readonly principalId?: string;
  /** The client's `Idempotency-Key`; without one nothing is kept. */
  readonly key: string | undefined;
  readonly body: unknown;
  /** Throws what a sender is told who may not have the kept answer; without it, whoever has the key may. */
  readonly admit?: () => Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

export type IdempotencyService = ReturnType<typeof createIdempotencyService>;

/** Gives a repeated request its first answer again (draft-ietf-httpapi-idempotency-key-header). */
export function createIdempotencyService(parts: {
  readonly database: Pick<Database, 'pool'>;
  readonly replies: typeof idempotencyRepository;
  readonly keys: KeyRing;
}) {
  const { database, replies, keys } = parts;

  return {
    /**
     * Runs `work`, which calls `record` inside its transaction with the answer it is about to give and the user whom that shows.
     * Throws `idempotency_key_reused` when the key was used for another body.
     */
    async once<Reply extends Answer>(
      request: RepeatableRequest,
      work: (record: (db: Db, reply: Reply, userId: string) => Promise<void>) => Promise<Reply>,
    ): Promise<Reply> {
      const { scope, principalId, key, admit } = request;
      if (key === undefined) return work(async () => {});
      const keyHash = createHash('sha256')
        .update(JSON.stringify([scope, principalId ?? null, key]))
        .digest();
      // Keyed, since a body holds a password and a fast hash of one would be worth stealing.
      const body = canonical(request.body);
      const fingerprintBy = (secret: KeyObject) => createHmac('sha256', secret).update(body).digest();
      const earlier = async () => {
        const stored = await replies.findReply(database.pool, keyHash);
        if (!stored) return undefined;
        await admit?.();
        // What is kept under this key was recorded by this operation, so it is one of its replies.
        return replay(stored, keys.map(fingerprintBy)) as Reply;
      };
      const record = (db: Db, { status, headers, ...reply }: Reply, userId: string) => {
        const stored = { fingerprint: fingerprintBy(keys[0]), status, headers, body: JSON.stringify(reply.body) };
        return replies.insertReply(db, keyHash, stored, { userId, principalId }, ttlSeconds);
      };
      const first = await earlier();
      if (first) return first;
      try {
        return await work(record);
      } catch (error) {
        // The same request may have been faster by another connection; then this one failed because of it.
        const winner = await earlier();
        if (winner) return winner;
        throw error;
      }
    },

    /** Forgets the answers that show a user and those that the user was given. */
    forget: (db: Db, userId: string): Promise<void> => replies.deleteRepliesOfUser(db, userId),
  };
}

function replay(stored: idempotencyRepository.StoredReply, fingerprints: readonly Buffer[]): Answer {
  const isSame = fingerprints.some((fingerprint) => timingSafeEqual(stored.fingerprint, fingerprint));
  if (!isSame) throw new ServiceError('idempotency_key_reused');
  const headers = { ...stored.headers, 'Idempotency-Replayed': 'true' };
  return { status: stored.status, headers, body: JSON.parse(stored.body) as unknown };
}

// The order of fields is not part of what a JSON object says.
function canonical(body: unknown): string {
  return JSON.stringify(body, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
