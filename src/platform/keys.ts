import { createHash, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/** A key that signs or verifies access tokens. */
export interface SigningKey {
  /** The `kid` of the tokens it signs: identifies the key without revealing it. */
  readonly id: string;
  readonly key: KeyObject;
}

/** The keys for one purpose, one per secret, newest first. */
export type KeyRing = readonly [KeyObject, ...KeyObject[]];

/** The keys that are derived from the secrets. */
export interface Keys {
  /** The first signs access tokens, all verify them. */
  readonly accessTokens: readonly [SigningKey, ...SigningKey[]];
  /** The keys for one purpose. All are accepted, so that values survive a rotation of secrets. */
  readonly ring: (purpose: string) => KeyRing;
}

/** Derives a key per purpose (RFC 5869), so that a value created for one purpose is invalid for another. */
export function deriveKeys(secrets: readonly string[]): Keys {
  const [newest, ...older] = secrets;
  if (newest === undefined) throw new Error('no signing secret');
  return {
    accessTokens: [signingKey(newest), ...older.map(signingKey)],
    ring: (purpose) => [derive(newest, purpose), ...older.map((secret) => derive(secret, purpose))],
  };
}

function signingKey(secret: string): SigningKey {
  const id = createHash('sha256').update(`latchkey kid ${secret}`).digest('base64url').slice(0, 8);
  return { id, key: createSecretKey(Buffer.from(secret)) };
}

function derive(secret: string, purpose: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `latchkey ${purpose}`, 32)));
}
