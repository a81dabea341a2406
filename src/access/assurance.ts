/** How recently somebody must have proved who they are, where that depends on what they ask for. */
import type { RequestHandler, Response } from 'express';
import { ServiceError } from '../platform/errors.ts';
import type { AnyPrincipal } from './principal.ts';
import type { Scheme } from './scheme.ts';
import type { AccessPolicy, Assurance } from './security.ts';

/**
 * Creates the check of an operation whose `x-assurance` is `only_for` some fields of the body, which must have been validated. It asks for
 * a recent authentication as `createAuthorization` does.
 */
export function createAssurance(
  schemes: Readonly<Record<string, Scheme>>,
): (operation: AccessPolicy) => RequestHandler[] {
  return ({ access, assurance }) => {
    const { onlyFor } = assurance ?? {};
    if (access === 'public' || !assurance || !onlyFor) return [];
    const challenges = new Set(access.map(({ scheme }) => schemes[scheme]?.challenge ?? ''));
    const assure: RequestHandler = ({ body, principal }, response, next) => {
      if (principal && (!asksFor(body as Body, onlyFor) || isRecent(principal, assurance))) {
        next();
        return;
      }
      refuseStale(
        response,
        [...challenges].map((challenge) => challenge + staleParameters(assurance)),
      );
    };
    return [assure];
  };
}

type Body = Readonly<Record<string, unknown>>;

function asksFor(body: Body, onlyFor: NonNullable<Assurance['onlyFor']>): boolean {
  return Object.entries(onlyFor).some(
    ([field, values]) => Object.hasOwn(body, field) && (values === 'any' || values.includes(body[field])),
  );
}

export function isRecent({ authenticatedAt }: AnyPrincipal, { maxAgeSeconds }: Assurance): boolean {
  return authenticatedAt !== undefined && Date.now() - authenticatedAt.getTime() <= maxAgeSeconds * 1000;
}

/** What a challenge says besides its scheme (RFC 9470, section 3). */
export function staleParameters({ maxAgeSeconds }: Assurance): string {
  return `, error="insufficient_user_authentication", error_description="Enter the password again", max_age="${maxAgeSeconds}"`;
}

export function refuseStale(response: Response, challenges: readonly string[]): never {
  response.setHeader('WWW-Authenticate', challenges);
  throw new ServiceError('insufficient_user_authentication');
}
