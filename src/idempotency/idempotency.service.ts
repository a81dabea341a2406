import { createHash, createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { KeyRing } from '../crypto/keys.ts';
import type { Database, Db } from '../database/database.ts';
import { ServiceError } from '../errors.ts';
import type * as idempotencyRepository from './idempotency.repository.ts';

const ttlSeconds = 24 * 60 * 60;

/** A request that may be sent again. */
export interface RepeatableRequest {
  /** What the key is unique in: an operation, and who calls it. */
  readonly scope: readonly string[];
  /** The client's `Idempotency-Key`; without one nothing is kept. */
  readonly key: string | undefined;
  readonly body: unknown;
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
     * Runs `work`, which calls `record` inside its transaction with the answer it is about to give. Throws `idempotency_key_reused`
     * when the key was used for another body.
     */
    async once<Reply extends Answer>(
      request: RepeatableRequest,
      work: (record: (db: Db, reply: Reply) => Promise<void>) => Promise<Reply>,
    ): Promise<Reply> {
      if (request.key === undefined) return work(async () => {});
      const keyHash = createHash('sha256')
        .update(JSON.stringify([request.scope, request.key]))
        .digest();
      // Keyed, since a body holds a password and a fast hash of one would be worth stealing.
      const body = canonical(request.body);
      const fingerprintBy = (key: KeyObject) => createHmac('sha256', key).update(body).digest();
      // What is kept under this key was recorded by this operation, so it is one of its replies.
      const earlier = async () =>
        replay(await replies.findReply(database.pool, keyHash), keys.map(fingerprintBy)) as Reply | undefined;
      const record = (db: Db, { status, headers, ...reply }: Reply) =>
        replies.insertReply(
          db,
          keyHash,
          { fingerprint: fingerprintBy(keys[0]), status, headers, body: JSON.stringify(reply.body) },
          ttlSeconds,
        );
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
  };
}

function replay(
  stored: idempotencyRepository.StoredReply | undefined,
  fingerprints: readonly Buffer[],
): Answer | undefined {
  if (!stored) return undefined;
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
