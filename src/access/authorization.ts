/** The only place that checks who may call an operation. It denies what it can't read or has no scheme for. */
import type { RequestHandler, Response } from 'express';
import { ServiceError } from '../platform/errors.ts';
import { isRecent, refuseStale, staleParameters } from './assurance.ts';
import { twoFactors, type AnyPrincipal } from './principal.ts';
import type { Scheme } from './scheme.ts';
import type { AccessPolicy, Assurance, Requirement } from './security.ts';
import { holdsRole, isRole, type Role } from './user.ts';

type Named<Part> = Readonly<Record<string, Part>>;

/** A requirement, and the scheme that finds the principal who must meet it. */
interface Alternative {
  readonly requirement: Requirement;
  readonly scheme: Scheme;
}

/** Why an alternative refuses a request; `stale`: the principal authenticated too long ago; `unenrolled`: by one factor, where it takes two. */
type Refusal = 'stale' | 'unenrolled' | 'forbidden' | 'invalid' | 'missing';

/**
 * Creates the check of an operation from its policy; `schemes` have the contract's names, and users with the role `secondFactorFrom`
 * or higher need two factors. The check sets `request.principal`. Throws if the policy is missing or unreadable, or names a scheme that
 * nothing implements.
 */
export function createAuthorization(
  schemes: Named<Scheme>,
  secondFactorFrom: Role | undefined,
): (operation: AccessPolicy & { readonly method: string; readonly path: string }) => RequestHandler[] {
  return ({ method, path, access, assurance, withoutSecondFactor }) => {
    if (access === 'public') return [];
    const needsTwoFactors = withoutSecondFactor ? undefined : secondFactorFrom;
    const alternatives = readAlternatives(`${method.toUpperCase()} ${path}`, access, schemes);
    const authorize: RequestHandler = async (request, response, next) => {
      const refusals: Refusal[] = [];
      for (const { scheme, requirement } of alternatives) {
        const found = await scheme.authenticate(request);
        if (found === 'missing' || found === 'invalid') {
          refusals.push(found);
          continue;
        }
        request.principal = found;
        const refusal = refusalOf(found, requirement, assurance, needsTwoFactors);
        if (refusal === undefined) {
          next();
          return;
        }
        refusals.push(refusal);
      }
      refuse(response, alternatives, refusals, assurance && { assurance, principal: request.principal });
    };
    return [authorize];
  };
}

function readAlternatives(where: string, access: readonly Requirement[], schemes: Named<Scheme>): Alternative[] {
  if (!Array.isArray(access) || access.length === 0) throw new Error(`${where}: its security is missing or empty`);
  return access.map((requirement: Requirement) => {
    const scheme = schemes[requirement.scheme];
    if (!scheme) throw new Error(`${where}: nothing authenticates by ${requirement.scheme}`);
    const isReadable = 'leastRole' in requirement ? isRole(requirement.leastRole) : requirement.scopes.length > 0;
    if (!isReadable) throw new Error(`${where}: ${requirement.scheme} asks for neither a role nor scopes`);
    return { requirement, scheme };
  });
}

function refusalOf(
  principal: AnyPrincipal,
  requirement: Requirement,
  assurance: Assurance | null,
  secondFactorFrom: Role | undefined,
): Refusal | undefined {
  if (!meets(principal, requirement)) return 'forbidden';
  if (isUnenrolled(principal, secondFactorFrom)) return 'unenrolled';
  // What is only for some bodies is checked once there is one.
  const isMet = assurance === null || assurance.onlyFor !== undefined || isRecent(principal, assurance);
  return isMet ? undefined : 'stale';
}

function isUnenrolled({ user, acr }: AnyPrincipal, secondFactorFrom: Role | undefined): boolean {
  if (!user || secondFactorFrom === undefined || !holdsRole(user.role, secondFactorFrom)) return false;
  return acr !== twoFactors;
}

function meets({ user, scopes }: AnyPrincipal, requirement: Requirement): boolean {
  if ('leastRole' in requirement) return user !== undefined && holdsRole(user.role, requirement.leastRole);
  return scopes !== undefined && requirement.scopes.every((scope) => scopes.includes(scope));
}

/** How recently somebody has to prove who they are. */
interface Asked {
  readonly assurance: Assurance;
  readonly principal: AnyPrincipal | undefined;
}

/** Throws the error of the alternative that came closest to allowing the request. */
function refuse(
  response: Response,
  alternatives: readonly Alternative[],
  refusals: readonly Refusal[],
  asked: Asked | null,
): never {
  if (refusals.includes('unenrolled')) throw new ServiceError('second_factor_enrolment_required');
  const forbidden = alternatives[refusals.indexOf('forbidden')];
  const isStale = refusals.includes('stale');
  if (forbidden && !isStale) throw new ServiceError('forbidden', { detail: sentenceOf(forbidden.requirement) });

  // If two schemes share a challenge, such as two kinds of Bearer token, the one that found an error is named.
  const challenges = new Map<string, string>();
  alternatives.forEach(({ scheme: { challenge } }, index) => {
    const parameters = parametersOf(refusals[index], asked);
    if (!challenges.get(challenge)) challenges.set(challenge, parameters);
  });
  const values = [...challenges].map((parts) => parts.join(''));
  if (isStale) refuseStale(response, values);
  response.setHeader('WWW-Authenticate', values);
  throw new ServiceError(refusals.includes('invalid') ? 'invalid_token' : 'authentication_required');
}

function sentenceOf(requirement: Requirement): string {
  if ('leastRole' in requirement) return `This operation needs the role ${requirement.leastRole} or higher.`;
  return `This operation needs the scope ${requirement.scopes.join(' and ')}.`;
}

// An error is named only to those who sent credentials (RFC 6750, section 3; RFC 9470, section 3).
function parametersOf(refusal: Refusal | undefined, asked: Asked | null): string {
  if (refusal === 'invalid') return ', error="invalid_token"';
  return refusal === 'stale' && asked ? staleParameters(asked.assurance, asked.principal) : '';
}
