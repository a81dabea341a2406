import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyRing, Keys } from '../../platform/keys.ts';

/** The contents of a refresh token; only the tag proves them. */
export interface RefreshToken {
  readonly sessionId: string;
  /** How many refreshes of the session preceded it. */
  readonly generation: number;
  /** 32 bytes. */
  readonly tag: Buffer;
  /** What the tag must be computed from, besides the session's secret: 32 bytes for each of the server's keys. */
  readonly proofs: readonly Buffer[];
}

export type RefreshTokens = ReturnType<typeof createRefreshTokens>;

/**
 * Refresh tokens, which need no rows: `lkr_` and 54 bytes in base64url, the id of the session, the generation and a tag of 256 bits
 * (ASVS 7.2.3). Computing the tag takes one of the server's keys and the session's random secret, so neither the stored data nor the key is
 * enough. It is SHA-256(proof | secret), which PostgreSQL can check; the proof is HMAC-SHA-256(key, id | generation).
 */
export function createRefreshTokens({ ring }: Pick<Keys, 'ring'>) {
  const keys = ring('refresh tokens');
  const proofOf = (key: KeyRing[number], named: Buffer) => createHmac('sha256', key).update(named).digest();

  return {
    /** The token of a session's generation, under the newest key. */
    make(session: { readonly id: string; readonly generation: number; readonly secret: Buffer }): string {
      const named = Buffer.alloc(namedLength);
      named.write(session.id.replaceAll('-', ''), 'hex');
      named.writeUIntBE(session.generation, idLength, generationLength);
      const tag = tagOf(proofOf(keys[0], named), session.secret);
      return prefix + Buffer.concat([named, tag]).toString('base64url');
    },

    /** Parses a token; `undefined` for a text that no server issued. */
    read(text: string): RefreshToken | undefined {
      if (!form.test(text)) return undefined;
      const bytes = Buffer.from(text.slice(prefix.length), 'base64url');
      const named = bytes.subarray(0, namedLength);
      const generation = named.readUIntBE(idLength, generationLength);
      if (generation >= maxGenerations) return undefined;
      const sessionId = named.toString('hex', 0, idLength).replace(uuid, '$1-$2-$3-$4-$5');
      return {
        sessionId,
        generation,
        tag: bytes.subarray(namedLength),
        proofs: keys.map((key) => proofOf(key, named)),
      };
    },

    /** Whether a token belongs to the session that has this secret. */
    isGenuine: ({ tag, proofs }: RefreshToken, secret: Buffer): boolean =>
      proofs.some((proof) => timingSafeEqual(tagOf(proof, secret), tag)),
  };
}

const prefix = 'lkr_';
// 54 bytes are 72 characters without a bit to spare, so that each token has one spelling.
const form = /^lkr_[A-Za-z0-9_-]{72}$/;
const uuid = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;
const idLength = 16;
const generationLength = 6;
const namedLength = idLength + generationLength;
// What PostgreSQL's integer holds.
const maxGenerations = 2 ** 31 - 1;

function tagOf(proof: Buffer, secret: Buffer): Buffer {
  return createHash('sha256').update(proof).update(secret).digest();
}
