import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { KeyRing } from '../../platform/keys.ts';
import type { User } from '../../access/user.ts';
import { violation } from '../../platform/violations.ts';
import type { UserQuery } from './users.repository.ts';

/** A place in a list: the sort value and the id of the last row that was sent. */
export interface Place {
  readonly value: string;
  readonly id: string;
}

/** Writes and reads the opaque cursors of one list. */
export interface UserCursors {
  write(query: UserQuery, last: User): string;
  /** Throws `validation_failed` for a cursor that was not written here, or for another list. */
  read(query: UserQuery, cursor: string): Place;
}

/** The cursors are signed, so that what they name can be trusted, and hold the query that they belong to. */
export function createUserCursors(keys: KeyRing): UserCursors {
  const sign = (key: KeyObject, payload: string, query: UserQuery) =>
    createHmac('sha256', key).update(payload).update('.').update(fingerprint(query)).digest().subarray(0, 16);
  return {
    write(query, last) {
      const payload = Buffer.from(JSON.stringify([sortValue(query, last), last.id])).toString('base64url');
      return `${payload}.${sign(keys[0], payload, query).toString('base64url')}`;
    },
    read(query, cursor) {
      const [payload = '', signature = ''] = cursor.split('.');
      const given = Buffer.from(signature, 'base64url');
      const isSignature = (expected: Buffer) => given.length === expected.length && timingSafeEqual(given, expected);
      if (!keys.some((key) => isSignature(sign(key, payload, query)))) {
        throw violation(['query', 'cursor'], 'cursor');
      }
      const [value, id] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as [string, string];
      return { value, id };
    },
  };
}

function fingerprint({ search, role, isActive, sortBy, sortOrder }: UserQuery): string {
  return JSON.stringify([search ?? null, role ?? null, isActive ?? null, sortBy, sortOrder]);
}

function sortValue({ sortBy }: UserQuery, user: User): string {
  switch (sortBy) {
    case 'created_at':
      return user.createdAt.toISOString();
    case 'updated_at':
      return user.updatedAt.toISOString();
    case 'email':
      return user.email;
    case 'full_name':
      return user.fullName;
  }
}
