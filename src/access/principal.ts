import type { User } from './user.ts';

/** What authorization and the log need to know about a principal of any kind. */
export interface AnyPrincipal {
  readonly kind: string;
  /** Names the principal in logs. */
  readonly id: string;
  /** The user whose role counts; without one, no role requirement is met. */
  readonly user?: User;
  /** The scopes it was granted; without them, no scope requirement is met. */
  readonly scopes?: readonly string[];
  /** When somebody last proved who they are; without it, `x-assurance` is never met. */
  readonly authenticatedAt?: Date;
}

/** A user, authenticated by a session. */
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
