/** What a user may do; each role includes the ones before it. */
export type Role = 'user' | 'moderator' | 'admin';

const ranks: Record<Role, number> = { user: 0, moderator: 1, admin: 2 };

export const roles = Object.keys(ranks) as Role[];

/** Whether a text is a role. */
export function isRole(text: string): text is Role {
  return Object.hasOwn(ranks, text);
}

/** Whether `role` is `least` or higher. */
export function holdsRole(role: Role, least: Role): boolean {
  return ranks[role] >= ranks[least];
}

/** A user who was not deleted. */
export interface User {
  readonly id: string;
  /** Normalised, see email-address.ts. */
  readonly email: string;
  /** Whether somebody proved that mails to the address reach the user. */
  readonly isEmailVerified: boolean;
  /** The new address that waits for its confirmation. */
  readonly pendingEmail: string | undefined;
  readonly fullName: string;
  readonly role: Role;
  readonly isActive: boolean;
  /** Equal for equal pictures; `undefined` without one. */
  readonly pictureTag: string | undefined;
  /** Increases by one with each change; the entity tag consists of it and the id. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
