import { createHash } from 'node:crypto';
import bcrypt from 'bcrypt';
import type { ForeignHash, HashFault } from './foreign-hash.ts';

// About two seconds; each more doubles the time.
const maxCost = 15;

// `$2x$` marks hashes of a faulty implementation, which nothing here reproduces.
const pattern = /^\$2[aby]\$(\d\d)\$([./A-Za-z0-9]{53})$/;

/** A bcrypt hash of the bare password: bytes after the 72nd don't count, just as in the system that it comes from. */
export function readBcrypt(hash: string): ForeignHash | HashFault {
  const [, rounds = '', rest = ''] = pattern.exec(hash) ?? [];
  const cost = Number(rounds);
  if (rest === '' || cost < 4) return 'malformed';
  if (cost > maxCost) return 'too_costly';
  // All three mean the same, except that the library reproduces a fault of old 2a implementations with more than 254 bytes.
  const readable = `$2b$${rounds}$${rest}`;
  return { bcryptCost: cost, matches: (password) => bcrypt.compare(password, readable) };
}

/** Django's: bcrypt of the hexadecimal SHA-256, so all bytes count. */
export function readBcryptOfSha256(hash: string): ForeignHash | HashFault {
  const read = readBcrypt(hash);
  if (typeof read === 'string') return read;
  return { ...read, matches: (password) => read.matches(createHash('sha256').update(password).digest('hex')) };
}
