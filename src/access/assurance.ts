/** How recently callers must have proved who they are, where that depends on the request's body. */
import type { RequestHandler, Response } from 'express';
import { ServiceError } from '../platform/errors.ts';
import { twoFactors, type AnyPrincipal } from './principal.ts';
import type { Scheme } from './scheme.ts';
import type { AccessPolicy, Assurance } from './security.ts';

/**
 * Creates the check for operations whose `x-assurance` applies `only_for` some fields of the body. It runs once the body has been
 * validated, and refuses a stale authentication just as `createAuthorization` does.
 */
export function createAssurance(
  schemes: Readonly<Record<string, Scheme>>,
): (operation: Pick<AccessPolicy, 'access' | 'assurance'>) => RequestHandler[] {
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
        [...challenges].map((challenge) => challenge + staleParameters(assurance, principal)),
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

/** The parameters of a challenge to a stale authentication (RFC 9470, section 3): whoever has proved two factors has to prove two again. */
export function staleParameters({ maxAgeSeconds }: Assurance, principal: AnyPrincipal | undefined): string {
  const acr = principal?.acr === twoFactors ? `, acr_values="${twoFactors}"` : '';
  const description = `Prove again who you are, by ${acr ? 'password and second factor' : 'password'} or by passkey`;
  return `, error="insufficient_user_authentication", error_description="${description}", max_age="${maxAgeSeconds}"${acr}`;
}

export function refuseStale(response: Response, challenges: readonly string[]): never {
  response.setHeader('WWW-Authenticate', challenges);
  throw new ServiceError('insufficient_user_authentication');
}
