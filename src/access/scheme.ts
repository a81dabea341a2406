import type { Request } from 'express';
import type { AnyPrincipal, PrincipalOfScheme } from './principal.ts';

/** The challenge for an access token (RFC 6750, section 3). */
export const bearerChallenge = 'Bearer realm="latchkey"';

/** Authenticates requests by one of the contract's security schemes. */
export interface Scheme<Found extends AnyPrincipal = AnyPrincipal> {
  /** How to authenticate, for `WWW-Authenticate` (RFC 9110, section 11.6.1), such as `Bearer realm="latchkey"`. */
  readonly challenge: string;
  /** `missing` if the request has no credentials of the scheme, `invalid` if they belong to no principal. */
  readonly authenticate: (request: Request) => Promise<Found | 'missing' | 'invalid'>;
}

/** A scheme for each that the contract names. */
export type Schemes = { readonly [Name in keyof PrincipalOfScheme]: Scheme<PrincipalOfScheme[Name]> };
