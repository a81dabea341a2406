import { pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { bytesOf } from './encoding.ts';
import type { ForeignHash, HashFault } from './foreign-hash.ts';

type Digest = keyof typeof digestBytes;

const digestBytes = { sha1: 20, sha256: 32, sha512: 64 };

// Iterations, times the blocks of output that each needs: two to three seconds.
const maxIterations = 4_000_000;

const derive = promisify(pbkdf2);

const phc = /^(?:i=)?(\d{1,20})(?:,l=(\d{1,3}))?\$([^$]+)\$([^$]+)$/;
const django = /^(\d{1,20})\$([^$]{1,128})\$([^$]+)$/;

/** A PBKDF2 hash (RFC 8018) in PHC form, or in passlib's, which has the iterations without a name. */
export function readPbkdf2(digest: Digest, rest: string): ForeignHash | HashFault {
  const [, iterations, length, salt = '', hash = ''] = phc.exec(rest) ?? [];
  const expected = bytesOf(hash, 16, 128);
  if (length !== undefined && Number(length) !== expected?.length) return 'malformed';
  return read(digest, iterations, bytesOf(salt, 1, 128), expected);
}

/** Django's, whose salt is text. */
export function readPbkdf2OfDjango(digest: Digest, rest: string): ForeignHash | HashFault {
  const [, iterations, salt = '', hash = ''] = django.exec(rest) ?? [];
  return read(digest, iterations, Buffer.from(salt), bytesOf(hash, 16, 128));
}

function read(digest: Digest, count: string | undefined, salt: Buffer | undefined, expected: Buffer | undefined) {
  const iterations = Number(count);
  if (!salt || !expected || !(iterations >= 1)) return 'malformed';
  if (iterations * Math.ceil(expected.length / digestBytes[digest]) > maxIterations) return 'too_costly';
  return {
    async matches(password: string): Promise<boolean> {
      return timingSafeEqual(await derive(password, salt, iterations, expected.length, digest), expected);
    },
  };
}
