import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { isInstant } from './formats/date-time.ts';

/** A key that signs or verifies access tokens, with one algorithm. */
export interface SigningKey {
  /** The `kid` of the tokens it signs, which identifies the key without revealing it. */
  readonly id: string;
  readonly algorithm: 'HS256' | KeyPairAlgorithm;
  /** What signs: a secret, or a private key. */
  readonly key: KeyObject;
  /** What verifies: the same secret, or the public key. */
  readonly verifyingKey: KeyObject;
  /** When it starts to sign, in milliseconds since 1970. It stops when a later key starts. */
  readonly signsFrom: number;
}

/** A private key from a PEM file, with the text around it. */
export interface KeyPair extends SigningKey {
  readonly algorithm: KeyPairAlgorithm;
  /** Its PEM block and the text before it, which says when it starts to sign. */
  readonly text: string;
}

export const keyPairAlgorithms = ['ES256', 'RS256'] as const;
export type KeyPairAlgorithm = (typeof keyPairAlgorithms)[number];

/** A public key as other services read it (RFC 7517). */
export interface PublicJwk {
  readonly kty: string;
  readonly use: 'sig';
  readonly alg: KeyPairAlgorithm;
  readonly kid: string;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
  readonly n?: string;
  readonly e?: string;
}

/** Thrown for text that is not a list of signing keys. The message says what is wrong with it, and `remedy` what to do. */
export class SigningKeysError extends Error {
  override readonly name = 'SigningKeysError';
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}

const minModulusBits = 2048;

/** The key that signs at a given time: the last one to have started. Throws if none has. */
export function signingKeyAt<Key extends SigningKey>(keys: readonly Key[], time: number): Key {
  const [first, ...others] = keys.filter(({ signsFrom }) => signsFrom <= time);
  if (!first) throw new Error('no key signs yet');
  return others.reduce((latest, key) => (key.signsFrom > latest.signsFrom ? key : latest), first);
}

/** Creates a private key, as PEM (PKCS#8). */
export function generateSigningKey(algorithm: KeyPairAlgorithm): string {
  const { privateKey } =
    algorithm === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: minModulusBits });
  // At a terminal, an id that begins with a hyphen would be an option.
  if (thumbprintOf(createPublicKey(privateKey)).startsWith('-')) return generateSigningKey(algorithm);
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

const anyBlock = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----\n?/g;

/**
 * Reads private keys in PEM (PKCS#8, SEC 1 or PKCS#1), one after the other. A line `Signs from: 2026-01-31T08:00:00Z` before a block
 * (RFC 7468, section 5.2) says when that key starts to sign; without it, the key always has. Throws a SigningKeysError.
 */
export function parseSigningKeys(given: string): KeyPair[] {
  const text = given.replaceAll('\r\n', '\n');
  const keys: KeyPair[] = [];
  let start = 0;
  for (const { 0: block, 1: label = '', index } of text.matchAll(anyBlock)) {
    // `openssl ecparam -genkey` writes these before the key.
    if (label === 'EC PARAMETERS') continue;
    const end = index + block.length;
    const which = `key number ${keys.length + 1}`;
    keys.push({
      ...readKeyPair(block, label, which),
      signsFrom: readSignsFrom(text.slice(start, index), which),
      text: text.slice(start, end),
    });
    start = end;
  }
  if (/-----BEGIN|Signs from:/i.test(text.slice(start)) || (keys.length === 0 && text.trim() !== '')) {
    throw new SigningKeysError('is not PEM, or was cut short', asInItsFile);
  }
  const ids = keys.map(({ id }) => id);
  const repeated = ids.findIndex((id, index) => ids.indexOf(id) < index);
  if (repeated >= 0) throw new SigningKeysError(`has a key twice (number ${repeated + 1})`, 'remove one of the two');
  return keys;
}

const asInItsFile = 'give each private key as it is in its file, line breaks included';
const supported =
  'use an EC P-256 or an RSA key; create one with: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256';

function readKeyPair(block: string, label: string, which: string): Omit<KeyPair, 'signsFrom' | 'text'> {
  if (label.startsWith('ENCRYPTED') || block.includes('ENCRYPTED')) {
    throw new SigningKeysError(
      `has an encrypted key (${which})`,
      'decrypt it with: openssl pkey -in FILE -out FILE.pem',
    );
  }
  if (!label.endsWith('PRIVATE KEY')) {
    const message = `has a ${label.toLowerCase()} instead of a private key (${which})`;
    throw new SigningKeysError(message, 'give only private keys');
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(block);
  } catch {
    throw new SigningKeysError(`has a private key that can't be read (${which})`, asInItsFile);
  }
  const algorithm = algorithmOf(key);
  if (algorithm === undefined) throw new SigningKeysError(`has ${describeKey(key)} (${which})`, supported);
  const verifyingKey = createPublicKey(key);
  return { id: thumbprintOf(verifyingKey), algorithm, key, verifyingKey };
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): KeyPairAlgorithm | undefined {
  if (asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1') return 'ES256';
  if (asymmetricKeyType !== 'rsa') return undefined;
  return (asymmetricKeyDetails?.modulusLength ?? 0) >= minModulusBits ? 'RS256' : undefined;
}

function describeKey({ asymmetricKeyType, asymmetricKeyDetails = {} }: KeyObject): string {
  const { namedCurve, modulusLength } = asymmetricKeyDetails;
  if (asymmetricKeyType === 'rsa') return `an RSA key of ${modulusLength} bits, fewer than ${minModulusBits}`;
  return `a key of type ${[asymmetricKeyType, namedCurve].filter(Boolean).join(' ')}`;
}

function readSignsFrom(before: string, which: string): number {
  // A line that somebody wrote differently must not count as none: the key would sign at once.
  const [line, ...others] = before.split('\n').filter((text) => /\bsigns?\W*from\b/i.test(text));
  if (line === undefined) return -Infinity;
  const time = /^[ \t]*Signs from:(.*)$/i.exec(line)?.[1]?.trim() ?? '';
  if (others.length === 0 && isInstant(time)) return Date.parse(time);
  const remedy = 'write one line such as Signs from: 2026-01-31T08:00:00Z before its block';
  throw new SigningKeysError(`doesn't say clearly when a key starts to sign (${which})`, remedy);
}

/** The public key as other services read it. */
export function publicJwkOf({ id, algorithm, verifyingKey }: KeyPair): PublicJwk {
  const { kty = '', ...parts } = verifyingKey.export({ format: 'jwk' });
  return { kty, use: 'sig', alg: algorithm, kid: id, ...(parts as object) };
}

// RFC 7638: the required members only, in alphabetical order.
function thumbprintOf(key: KeyObject): string {
  const { kty, crv, x, y, n, e } = key.export({ format: 'jwk' });
  const members = kty === 'EC' ? { crv, kty, x, y } : { e, kty, n };
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}
