import type { User } from './user.ts';

/** How well somebody proved who they are (the claim `acr`): by one factor, or by two. */
export type AuthenticationClass = 'urn:latchkey:acr:1' | 'urn:latchkey:acr:2';

/** What somebody has who proved two factors. */
export const twoFactors = 'urn:latchkey:acr:2' satisfies AuthenticationClass;

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
  /** How well they proved it then. */
  readonly acr?: AuthenticationClass;
}

/** A user, authenticated by a session. */
export interface UserPrincipal extends AnyPrincipal {
  readonly kind: 'user';
  readonly user: User;
  readonly sessionId: string;
  readonly authenticatedAt: Date;
  readonly acr: AuthenticationClass;
}

/** The principal that each security scheme of the contract finds. */
export interface PrincipalOfScheme {
  readonly bearerAuth: UserPrincipal;
}
