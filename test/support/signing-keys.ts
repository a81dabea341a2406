/** Private keys in PEM, of kinds that sign and of kinds that don't. */
import { generateKeyPairSync } from 'node:crypto';
import { generateSigningKey, parseSigningKeys, type KeyPair } from '../../src/platform/signing-keys.ts';

/** A list of signing keys: each is ES256, and signs from its time on, or always. */
export function aKeyFile(...times: (Date | undefined)[]): string {
  return times.map((time) => aKey(time)).join('\n');
}

/** One signing key with the line that says from when it signs. */
export function aKey(signsFrom?: Date, algorithm: 'ES256' | 'RS256' = 'ES256'): string {
  const line = signsFrom === undefined ? '' : `Signs from: ${signsFrom.toISOString()}\n`;
  return line + generateSigningKey(algorithm);
}

/** The only key of a list. */
export function onlyKey(text: string): KeyPair {
  const [key, ...others] = parseSigningKeys(text);
  if (!key || others.length > 0) throw new Error('not one key');
  return key;
}

/** Keys that nothing is signed with. */
export const unsupportedKeys = {
  'an EC key of another curve': () => pemOf(generateKeyPairSync('ec', { namedCurve: 'P-384' })),
  'a key of the curve of cryptocurrencies': () => pemOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' })),
  'an Ed25519 key': () => pemOf(generateKeyPairSync('ed25519')),
  'an RSA key that is too short': () => pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 })),
  'an RSA-PSS key': () => pemOf(generateKeyPairSync('rsa-pss', { modulusLength: 2048 })),
} as const;

type Pair = ReturnType<typeof generateKeyPairSync>;

function pemOf({ privateKey }: { privateKey: Exclude<Pair['privateKey'], string | Buffer> }): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
