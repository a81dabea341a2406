/** Users in the database, without a session. */
import { randomBytes } from 'node:crypto';
import type { Role } from '../../src/access/user.ts';
import type { TestApp } from './app.ts';
import { newPerson, type Person } from './people.ts';

export interface Added extends Person {
  readonly id: string;
}

/** Properties of an added user that a test may set. */
export interface AddedState extends Partial<Person> {
  readonly role?: Role;
  readonly isActive?: boolean;
  readonly isEmailVerified?: boolean;
  readonly createdAt?: string;
  readonly updatedAt?: string;
}

export async function addUser(app: TestApp, state: AddedState = {}): Promise<Added> {
  const {
    role = 'user',
    isActive = true,
    isEmailVerified = false,
    createdAt,
    updatedAt = createdAt,
    ...changes
  } = state;
  const person = newPerson(changes);
  const { id } = await app.users.create({ ...person, role });
  await app.context.database
    .pool('users')
    .where({ id })
    .update({
      is_active: isActive,
      email_verified_at: isEmailVerified ? new Date() : null,
      ...(createdAt && { created_at: createdAt }),
      ...(updatedAt && { updated_at: updatedAt }),
    });
  return { ...person, id };
}

/** A word that occurs in no other user's name or address in this run. */
export function newMark(): string {
  return `mark${randomBytes(6).toString('hex')}`;
}

/**
 * Adds users, oldest first, whom only a search for `mark` finds: it is at the end of each name, and of each address that starts
 * with a given `email`.
 */
export async function addMarked(
  app: TestApp,
  states: readonly AddedState[],
): Promise<{ mark: string; users: Added[]; ids: string[] }> {
  const mark = newMark();
  const users: Added[] = [];
  for (const { fullName = 'Quill', email, ...state } of states) {
    const address = email === undefined ? {} : { email: `${email}-${mark}@example.com` };
    users.push(await addUser(app, { ...state, ...address, fullName: `${fullName} ${mark}` }));
  }
  return { mark, users, ids: users.map(({ id }) => id) };
}

/** Four users in a different order by each field; by name, collation and byte order differ too. */
export const inFourOrders: readonly AddedState[] = [
  { fullName: 'Cleo', email: 'b', createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-08T00:00:00.000Z' },
  { fullName: '\u00c4lva', email: 'd', createdAt: '2026-01-02T00:00:00.000Z', updatedAt: '2026-01-07T00:00:00.000Z' },
  { fullName: 'dora', email: 'a', createdAt: '2026-01-03T00:00:00.000Z', updatedAt: '2026-01-06T00:00:00.000Z' },
  { fullName: 'Bea', email: 'c', createdAt: '2026-01-04T00:00:00.000Z', updatedAt: '2026-01-05T00:00:00.000Z' },
];
