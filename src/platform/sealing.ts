import { createCipheriv, createDecipheriv, createHmac, randomBytes, type KeyObject } from 'node:crypto';
import type { KeyRing } from './keys.ts';

/** Encrypts what is stored and must be read again: AES-256-GCM (NIST SP 800-38D), with a random nonce for each value. */
export interface Sealing {
  /** Seals under the newest key. The value opens only in the same context, such as the ids of whom it belongs to. */
  seal(value: Buffer, context: string): Buffer;
  /** `undefined` if no key here opens it: it was sealed under another one, in another context, or changed since. */
  open(sealed: Buffer, context: string): Buffer | undefined;
  /** What every value begins with that was sealed under one of the keys, the newest first. */
  readonly prefixes: readonly [Buffer, ...Buffer[]];
}

const algorithm = 'aes-256-gcm';
const format = 1;
const sizes = { prefix: 9, nonce: 12, tag: 16 };

/** Sealed values begin with the format's number and the id of their key, so that keys can be replaced. */
export function createSealing(keys: KeyRing): Sealing {
  const [newest, ...older] = keys;
  const prefixes = [prefixOf(newest), ...older.map(prefixOf)] as const;
  return {
    prefixes,
    seal(value, context) {
      const [prefix] = prefixes;
      const nonce = randomBytes(sizes.nonce);
      const cipher = createCipheriv(algorithm, newest, nonce).setAAD(bind(prefix, context));
      return Buffer.concat([prefix, nonce, cipher.update(value), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, context) {
      const prefix = sealed.subarray(0, sizes.prefix);
      const key = keys[prefixes.findIndex((each) => each.equals(prefix))];
      if (!key || sealed.length < sizes.prefix + sizes.nonce + sizes.tag) return undefined;
      const nonce = sealed.subarray(sizes.prefix, sizes.prefix + sizes.nonce);
      const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: sizes.tag });
      decipher.setAAD(bind(prefix, context)).setAuthTag(sealed.subarray(-sizes.tag));
      const value = decipher.update(sealed.subarray(sizes.prefix + sizes.nonce, -sizes.tag));
      try {
        return Buffer.concat([value, decipher.final()]);
      } catch {
        return undefined;
      }
    },
  };
}

const bind = (prefix: Buffer, context: string) => Buffer.concat([prefix, Buffer.from(context)]);

function prefixOf(key: KeyObject): Buffer {
  const id = createHmac('sha256', key).update('latchkey key id').digest();
  return Buffer.concat([Buffer.from([format]), id.subarray(0, sizes.prefix - 1)]);
}
