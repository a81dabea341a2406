import { createCipheriv, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { bytesOf } from './encoding.ts';
import type { ForeignHash, HashFault } from './foreign-hash.ts';

/** The parameters of RFC 7914: N, r and p. */
interface Cost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

// 128 MiB, and twice that in all, which takes about a second.
const maxMemory = 128 * 1024 * 1024;
const maxWork = 2 * maxMemory;

const phc = /^ln=(\d{1,2}),r=(\d{1,10}),p=(\d{1,10})\$([^$]+)\$([^$]+)$/;

/** A scrypt hash in PHC form, as passlib writes it too. */
export function readScrypt(rest: string): ForeignHash | HashFault {
  const [, ln, r, p, salt = '', hash = ''] = phc.exec(rest) ?? [];
  return read({ N: 2 ** Number(ln), r: Number(r), p: Number(p) }, bytesOf(salt, 1, 128), bytesOf(hash, 16, 128));
}

const django = /^(\d{1,10})\$([^$]{1,128})\$(\d{1,10})\$(\d{1,10})\$([^$]+)$/;

/** Django's, whose salt is text. */
export function readScryptOfDjango(rest: string): ForeignHash | HashFault {
  const [, N, salt = '', r, p, hash = ''] = django.exec(rest) ?? [];
  return read({ N: Number(N), r: Number(r), p: Number(p) }, Buffer.from(salt), bytesOf(hash, 16, 128));
}

const betterAuth = /^([0-9a-f]{32}):([0-9a-f]{128})$/;

/** Better Auth's, whose salt is the hexadecimal text itself. */
export function readScryptOfBetterAuth(rest: string): ForeignHash | HashFault {
  const [, salt = '', hash = ''] = betterAuth.exec(rest) ?? [];
  if (hash === '') return 'malformed';
  return read({ N: 16384, r: 16, p: 1 }, Buffer.from(salt), Buffer.from(hash, 'hex'));
}

const firebase = /^v=1,n=(\d{1,2}),r=(\d{1,10}),p=(\d{1,10}),ss=([^,$]*),sk=([^,$]+)\$([^$]+)\$([^$]+)$/;

/**
 * Firebase's, in the form that Supabase Auth has for it: the project's memory cost, rounds, salt separator and signer key, then salt and
 * hash. What scrypt derives is the key that encrypts the signer key.
 */
export function readScryptOfFirebase(rest: string): ForeignHash | HashFault {
  const [, n, r, p, separator = '', key = '', salt = '', hash = ''] = firebase.exec(rest) ?? [];
  const [saltBytes, separatorBytes] = [bytesOf(salt, 1, 128), bytesOf(separator, 0, 64)];
  const [signer, expected] = [bytesOf(key, 16, 128), bytesOf(hash, 16, 128)];
  if (!saltBytes || !separatorBytes || !signer || signer.length !== expected?.length) return 'malformed';
  const cost = checkCost({ N: 2 ** Number(n), r: Number(r), p: Number(p) });
  if (typeof cost === 'string') return cost;
  return {
    async matches(password) {
      const derived = await derive(password, Buffer.concat([saltBytes, separatorBytes]), 32, cost);
      const cipher = createCipheriv('aes-256-ctr', derived, Buffer.alloc(16));
      return timingSafeEqual(Buffer.concat([cipher.update(signer), cipher.final()]), expected);
    },
  };
}

function read(given: Cost, salt: Buffer | undefined, expected: Buffer | undefined): ForeignHash | HashFault {
  if (!salt || !expected) return 'malformed';
  const cost = checkCost(given);
  if (typeof cost === 'string') return cost;
  return {
    async matches(password) {
      return timingSafeEqual(await derive(password, salt, expected.length, cost), expected);
    },
  };
}

function checkCost({ N, r, p }: Cost): Cost | HashFault {
  // RFC 7914, section 2: N is a power of 2, below 2 to the 16 * r.
  if (!(N >= 2 && N < 2 ** (16 * r) && p >= 1) || !Number.isInteger(Math.log2(N))) return 'malformed';
  const isCostly = 128 * r * (N + p) > maxMemory || 128 * N * r * p > maxWork;
  return isCostly ? 'too_costly' : { N, r, p };
}

function derive(password: string, salt: Buffer, length: number, cost: Cost): Promise<Buffer> {
  // Node counts a little more than the algorithm's own 128 * r * (N + p).
  const options: ScryptOptions = { ...cost, maxmem: 2 * maxMemory };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
