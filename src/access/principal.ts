import type { User } from './user.ts';

/** What the checks and the log read of a principal, whatever its kind. */
export interface AnyPrincipal {
  readonly kind: string;
  /** Names the principal in logs. */
  readonly id: string;
  /** The user whose role counts; a requirement of a role fits no other principal. */
  readonly user?: User;
  /** What it was given leave for; a requirement of scopes fits no principal without. */
  readonly scopes?: readonly string[];
  /** When somebody last proved who they are; without it, no proof is recent enough. */
  readonly authenticatedAt?: Date;
}

/** A user, by a session. */
export interface UserPrincipal extends AnyPrincipal {
  readonly kind: 'user';
  readonly user: User;
  readonly sessionId: string;
  readonly authenticatedAt: Date;
}

/** The principal that each security scheme of the contract finds. */
export interface PrincipalOfScheme {
  readonly bearerAuth: UserPrincipal;
}

/** Who sends a request. */
export type Principal = PrincipalOfScheme[keyof PrincipalOfScheme];
