import { randomUUID } from 'node:crypto';
import type { User } from '../../../src/access/user.ts';

export function aUser(changes: Partial<User> = {}): User {
  const id = randomUUID();
  return {
    id,
    email: `${id.slice(0, 8)}@example.com`,
    isEmailVerified: false,
    pendingEmail: undefined,
    fullName: 'Vera Stone',
    role: 'user',
    isActive: true,
    pictureTag: undefined,
    version: 1,
    createdAt: new Date('2026-01-02T03:04:05.678Z'),
    updatedAt: new Date('2026-01-02T03:04:05.678Z'),
    ...changes,
  };
}
