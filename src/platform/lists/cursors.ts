import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { KeyRing } from '../keys.ts';
import { violation } from '../violations.ts';

/** A place in a list: the sort value and the id of the last row that was sent. */
export interface Place {
  readonly value: string;
  readonly id: string;
}

/** Writes and reads the opaque cursors of lists; `list` identifies one, including its filters and order. */
export interface Cursors {
  write(list: string, last: Place): string;
  /** Throws `validation_failed` for a cursor that was not written here, or for another list. */
  read(list: string, cursor: string): Place;
}

/** A cursor is signed together with its list, so it can't be forged, and is valid only for that list. */
export function createCursors(keys: KeyRing): Cursors {
  const sign = (key: KeyObject, payload: string, list: string) =>
    createHmac('sha256', key).update(payload).update('.').update(list).digest().subarray(0, 16);
  return {
    write(list, { value, id }) {
      const payload = Buffer.from(JSON.stringify([value, id])).toString('base64url');
      return `${payload}.${sign(keys[0], payload, list).toString('base64url')}`;
    },
    read(list, cursor) {
      const [payload = '', signature = ''] = cursor.split('.');
      const given = Buffer.from(signature, 'base64url');
      const isSignature = (expected: Buffer) => given.length === expected.length && timingSafeEqual(given, expected);
      if (!keys.some((key) => isSignature(sign(key, payload, list)))) {
        throw violation(['query', 'cursor'], 'cursor');
      }
      const [value, id] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as [string, string];
      return { value, id };
    },
  };
}
