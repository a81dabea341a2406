import { createHash, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { KeyPair, SigningKey } from './signing-keys.ts';

/** The keys for one purpose, one per secret, newest first. */
export type KeyRing = readonly [KeyObject, ...KeyObject[]];

/** The keys of the service. */
export interface Keys {
  /** All verify access tokens; the last one to have started signs them. */
  readonly accessTokens: readonly [SigningKey, ...SigningKey[]];
  /** Those of `accessTokens` whose public halves are published, for other services to verify with. */
  readonly keyPairs: readonly KeyPair[];
  /** The keys for one purpose. All are accepted, so that values survive a rotation of secrets. */
  readonly ring: (purpose: string) => KeyRing;
  /** What the seeds of authenticator apps are encrypted under. Keys that are derived from secrets come last, so that any other replaces them. */
  readonly factorSeeds: KeyRing;
}

/** Derives a key per purpose (RFC 5869), so that a value created for one purpose is invalid for another. */
export function deriveKeys(
  secrets: readonly string[],
  keyPairs: readonly KeyPair[] = [],
  factorKeys: readonly KeyObject[] = [],
): Keys {
  const [newest, ...older] = secrets;
  if (newest === undefined) throw new Error('no signing secret');
  // The newest secret signs only until a key pair does, so it comes last of those that may sign; older secrets never sign.
  const ofNewest = secretKey(newest, -Infinity);
  const [first = ofNewest, ...others] = [...keyPairs, ofNewest, ...older.map((secret) => secretKey(secret, Infinity))];
  const ring = (purpose: string): KeyRing => [
    derive(newest, purpose),
    ...older.map((secret) => derive(secret, purpose)),
  ];
  const [newestDerived, ...derived] = ring('factor seeds');
  const [newestSeal = newestDerived, ...seals] = [...factorKeys, newestDerived, ...derived];
  return { accessTokens: [first, ...others], keyPairs, ring, factorSeeds: [newestSeal, ...seals] };
}

function secretKey(secret: string, signsFrom: number): SigningKey {
  const id = createHash('sha256').update(`latchkey kid ${secret}`).digest('base64url').slice(0, 8);
  const key = createSecretKey(Buffer.from(secret));
  return { id, algorithm: 'HS256', key, verifyingKey: key, signsFrom };
}

function derive(secret: string, purpose: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `latchkey ${purpose}`, 32)));
}
