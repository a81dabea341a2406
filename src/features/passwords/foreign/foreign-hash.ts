import { readArgon2 } from './argon2.ts';
import { readBcrypt, readBcryptOfSha256 } from './bcrypt.ts';
import { readPbkdf2, readPbkdf2OfDjango } from './pbkdf2.ts';
import { readScrypt, readScryptOfBetterAuth, readScryptOfDjango, readScryptOfFirebase } from './scrypt.ts';

/** A hash that another system made of a password, and that Latchkey renews when its owner signs in. */
export interface ForeignHash {
  /** The binary logarithm of the rounds, if it is one bcrypt hash. */
  readonly bcryptCost?: number;
  /** Hashes the password off the main thread. */
  matches(password: string): Promise<boolean>;
}

/** Why a hash can't be used: nothing here makes such hashes, it is cut or misspelt, or it would take too long or too much memory. */
export type HashFault = 'unknown' | 'malformed' | 'too_costly';

/** What makes hashes with a prefix readable; gets what follows the prefix. */
type Read = (rest: string) => ForeignHash | HashFault;

/** Every kind of hash that other systems make and Latchkey verifies, by how it begins. */
const kinds: Readonly<Record<string, Read>> = {
  $bcrypt$: (rest) => readBcrypt(`$${rest}`),
  $argon2id$: (rest) => readArgon2('argon2id', rest),
  $argon2i$: (rest) => readArgon2('argon2i', rest),
  $scrypt$: readScrypt,
  $fbscrypt$: readScryptOfFirebase,
  '$better-auth$': readScryptOfBetterAuth,
  $pbkdf2$: (rest) => readPbkdf2('sha1', rest),
  '$pbkdf2-sha1$': (rest) => readPbkdf2('sha1', rest),
  '$pbkdf2-sha256$': (rest) => readPbkdf2('sha256', rest),
  '$pbkdf2-sha512$': (rest) => readPbkdf2('sha512', rest),
  // As Django stores them.
  bcrypt$: readBcrypt,
  bcrypt_sha256$: readBcryptOfSha256,
  argon2$argon2id$: (rest) => readArgon2('argon2id', rest),
  argon2$argon2i$: (rest) => readArgon2('argon2i', rest),
  scrypt$: readScryptOfDjango,
  pbkdf2_sha1$: (rest) => readPbkdf2OfDjango('sha1', rest),
  pbkdf2_sha256$: (rest) => readPbkdf2OfDjango('sha256', rest),
};

const byPrefix = Object.entries(kinds);

const longest = 1024;

/** Reads a hash as it is stored. The costs are checked here, so at the import and again before each verification. */
export function readForeignHash(hash: string): ForeignHash | HashFault {
  if (hash.length > longest) return 'malformed';
  const [prefix, read] = byPrefix.find(([start]) => hash.startsWith(start)) ?? [];
  return prefix === undefined || !read ? 'unknown' : read(hash.slice(prefix.length));
}
