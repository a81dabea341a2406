import { readArgon2 } from './argon2.ts';
import { readBcrypt, readBcryptOfSha256 } from './bcrypt.ts';
import { readPbkdf2, readPbkdf2OfDjango } from './pbkdf2.ts';
import { readScrypt, readScryptOfBetterAuth, readScryptOfDjango, readScryptOfFirebase } from './scrypt.ts';

/** A password hash from another system, which is replaced when its owner signs in. */
export interface ForeignHash {
  /** The binary logarithm of the rounds, if it is one bcrypt hash. */
  readonly bcryptCost?: number;
  /** Hashes the password off the main thread. */
  matches(password: string): Promise<boolean>;
}

/** Why a hash can't be used: its kind is unknown, it is malformed, or verifying it would take too long or too much memory. */
export type HashFault = 'unknown' | 'malformed' | 'too_costly';

/** Parses hashes of one kind; gets what follows the prefix. */
type Read = (rest: string) => ForeignHash | HashFault;

/** The kinds of foreign hashes that Latchkey verifies, by prefix. */
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

const maxLength = 1024;

/** Parses a stored hash. Costs are checked here, and so both at the import and before each verification. */
export function readForeignHash(hash: string): ForeignHash | HashFault {
  if (hash.length > maxLength) return 'malformed';
  const [prefix, read] = byPrefix.find(([start]) => hash.startsWith(start)) ?? [];
  return prefix === undefined || !read ? 'unknown' : read(hash.slice(prefix.length));
}
