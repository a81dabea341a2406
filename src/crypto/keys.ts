import { createHash, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/** A key that signs or verifies access tokens. */
export interface SigningKey {
  /** The `kid` of the tokens it signs: it names the key without telling it. */
  readonly id: string;
  readonly key: KeyObject;
}

/** The keys that the service makes of its secrets. */
export interface Keys {
  /** The first signs, all verify. */
  readonly accessTokens: readonly [SigningKey, ...SigningKey[]];
  readonly cursors: KeyObject;
  readonly idempotency: KeyObject;
  readonly accounts: KeyObject;
}

/** Derives a key for each purpose (RFC 5869), so that no value made for one purpose serves another. */
export function deriveKeys(secrets: readonly string[]): Keys {
  const [first, ...others] = secrets.map(signingKey);
  if (!first) throw new Error('no signing secret');
  return {
    accessTokens: [first, ...others],
    cursors: derive(secrets[0] ?? '', 'cursors'),
    idempotency: derive(secrets[0] ?? '', 'idempotency'),
    accounts: derive(secrets[0] ?? '', 'accounts'),
  };
}

function signingKey(secret: string): SigningKey {
  const id = createHash('sha256').update(`latchkey kid ${secret}`).digest('base64url').slice(0, 8);
  return { id, key: createSecretKey(Buffer.from(secret)) };
}

function derive(secret: string, purpose: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `latchkey ${purpose}`, 32)));
}
