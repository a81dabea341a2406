import { bytesOf } from './encoding.ts';
import type { ForeignHash, HashFault } from './foreign-hash.ts';

// In KiB: 128 MiB, and 1 GiB over all passes, which takes about a second.
const maxMemory = 128 * 1024;
const maxWork = 1024 * 1024;
const maxLanes = 16;

const pattern =
  /^(?:v=(16|19)\$)?m=([1-9]\d{0,9}),t=([1-9]\d{0,9}),p=([1-9]\d{0,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** An Argon2 hash in PHC form (RFC 9106); without a version it is of version 16. */
export function readArgon2(type: 'argon2i' | 'argon2id', rest: string): ForeignHash | HashFault {
  const [, version = '16', m = '', t = '', p = '', salt = '', digest = ''] = pattern.exec(rest) ?? [];
  const [memory, passes, lanes] = [Number(m), Number(t), Number(p)];
  if (!bytesOf(salt, 8, 48) || !bytesOf(digest, 16, 64) || memory < 8 * lanes) return 'malformed';
  if (memory > maxMemory || memory * passes > maxWork || lanes > maxLanes) return 'too_costly';
  const whole = `$${type}$v=${version}$m=${m},t=${t},p=${p}$${salt}$${digest}`;
  // Loaded when somebody comes with such a hash: most services have none.
  return { matches: async (password) => (await import('@node-rs/argon2')).verify(whole, password) };
}
