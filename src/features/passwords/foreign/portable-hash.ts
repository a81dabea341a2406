import { readForeignHash, type HashFault } from './foreign-hash.ts';

export type { HashFault };

/*
 * Latchkey's own hashes are stored as bcrypt wrote them, so bcrypt hashes from other systems are marked in the database. In files it is the
 * other way round: ordinary bcrypt has no mark, and ours has one, because other systems could not verify it as it is.
 */
const ownMark = '$latchkey';
const bcryptMark = '$bcrypt';
const ofBcrypt = /^\$2[a-z]?\$/;
const own = /^\$2b\$(\d\d)\$[./A-Za-z0-9]{53}$/;

/** How a hash from a file is stored, or why it can't be. */
export function storedHash(hash: string): { readonly stored: string } | HashFault {
  if (hash.startsWith(`${ownMark}$`)) {
    const bare = hash.slice(ownMark.length);
    const cost = Number(own.exec(bare)?.[1] ?? 0);
    if (cost < 4) return 'malformed';
    return cost > maxOwnCost ? 'too_costly' : { stored: bare };
  }
  const stored = ofBcrypt.test(hash) ? `${bcryptMark}${hash}` : hash;
  const read = hash.startsWith(`${bcryptMark}$`) ? 'unknown' : readForeignHash(stored);
  return typeof read === 'string' ? read : { stored };
}

// What BCRYPT_COST may be.
const maxOwnCost = 15;

/** How a stored hash is exported; `undefined` if there is no password. */
export function portableHash(stored: string): string | undefined {
  if (own.test(stored)) return ownMark + stored;
  if (typeof readForeignHash(stored) === 'string') return undefined;
  return stored.startsWith(`${bcryptMark}$`) ? stored.slice(bcryptMark.length) : stored;
}

/** Whether a stored hash comes from another system; otherwise it is ours, or there is no password. */
export function isForeignHash(stored: string): boolean {
  return !own.test(stored) && typeof readForeignHash(stored) !== 'string';
}
