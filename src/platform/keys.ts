import { createHash, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/** A key that signs or verifies access tokens. */
export interface SigningKey {
  /** The `kid` of the tokens it signs: it names the key without telling it. */
  readonly id: string;
  readonly key: KeyObject;
}

/** A key of each secret for one purpose, the newest first. */
export type KeyRing = readonly [KeyObject, ...KeyObject[]];

/** The keys that the service makes of its secrets. */
export interface Keys {
  /** The first signs, all verify. */
  readonly accessTokens: readonly [SigningKey, ...SigningKey[]];
  /** What was made with any of these is good: cursors and kept answers outlive a change of secrets. */
  readonly cursors: KeyRing;
  readonly idempotency: KeyRing;
  readonly accounts: KeyObject;
}

/** Derives a key for each purpose (RFC 5869), so that no value made for one purpose serves another. */
export function deriveKeys(secrets: readonly string[]): Keys {
  const [newest, ...older] = secrets;
  if (newest === undefined) throw new Error('no signing secret');
  const ring = (purpose: string): KeyRing => [
    derive(newest, purpose),
    ...older.map((secret) => derive(secret, purpose)),
  ];
  return {
    accessTokens: [signingKey(newest), ...older.map(signingKey)],
    cursors: ring('cursors'),
    idempotency: ring('idempotency'),
    accounts: derive(newest, 'accounts'),
  };
}

function signingKey(secret: string): SigningKey {
  const id = createHash('sha256').update(`latchkey kid ${secret}`).digest('base64url').slice(0, 8);
  return { id, key: createSecretKey(Buffer.from(secret)) };
}

function derive(secret: string, purpose: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `latchkey ${purpose}`, 32)));
}
