/** Reads what the contract says about who may call an operation: `security`, and `x-assurance` beside it. */
import { isRole, roles, type Role } from './user.ts';

/** One way in: a scheme that finds a principal, and the least role or all the scopes that the principal must hold. */
export type Requirement =
  | { readonly scheme: string; readonly leastRole: Role }
  | { readonly scheme: string; readonly scopes: readonly string[] };

/** How recently somebody must have proved who they are (RFC 9470). */
export interface Assurance {
  readonly maxAgeSeconds: number;
}

/** Who may call an operation. */
export interface AccessPolicy {
  /** Any one of these is enough; `public` asks for none. */
  readonly access: 'public' | readonly Requirement[];
  readonly assurance: Assurance | null;
}

/** The part of an operation that says who may call it. */
export interface SecuredOperation {
  security?: unknown;
  'x-assurance'?: unknown;
}

/** The parts of a contract that stand behind the `security` of its operations. */
export interface SecurityDocument {
  security?: unknown;
  components?: { securitySchemes?: Record<string, unknown> };
}

/** Reads the policy of an operation. Throws a sentence that says what to write instead when it is not one that can be kept. */
export function readAccessPolicy(operation: SecuredOperation, document: SecurityDocument): AccessPolicy {
  const security = operation.security === undefined ? document.security : operation.security;
  const access = readSecurity(security, document.components?.securitySchemes ?? {});
  const assurance = readAssurance(operation['x-assurance']);
  if (assurance && access === 'public') throw new Error('x-assurance asks who calls, but security lets anybody call');
  return { access, assurance };
}

function readSecurity(security: unknown, schemes: Record<string, unknown>): AccessPolicy['access'] {
  if (security === undefined) {
    throw new Error('there is no security, here or for the whole contract; [] lets anybody call');
  }
  if (!Array.isArray(security)) throw new Error('security is a list, such as [{bearerAuth: [user]}]');
  const requirements = security.map((requirement) => readRequirement(requirement, schemes));
  const names = requirements.map(({ scheme }) => scheme);
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated !== undefined) throw new Error(`security names ${repeated} twice; only one can count`);
  return requirements.length > 0 ? requirements : 'public';
}

function readRequirement(requirement: unknown, schemes: Record<string, unknown>): Requirement {
  if (!isObject(requirement)) throw new Error('each requirement is an object, such as {bearerAuth: [user]}');
  const [entry, ...others] = Object.entries(requirement);
  if (!entry) throw new Error('a requirement is empty, which would let anybody call; if that is meant, security is []');
  const [scheme, words] = entry;
  if (others.length > 0) {
    const names = [scheme, ...others.map(([name]) => name)].join(' and ');
    throw new Error(`a requirement asks for ${names} together, which no server checks; make each a requirement`);
  }
  if (!Object.hasOwn(schemes, scheme)) {
    throw new Error(
      `${scheme} is not one of the security schemes: ${Object.keys(schemes).join(', ') || 'there are none'}`,
    );
  }
  const scopes = scopesOf(schemes[scheme]);
  const named = readWords(scheme, words, scopes ?? roles, scopes ? 'scope' : 'role');
  if (scopes) return { scheme, scopes: named };
  const [leastRole, ...otherRoles] = named.filter(isRole);
  if (!leastRole || otherRoles.length > 0) {
    throw new Error(`${scheme} names ${named.join(' and ')}; the least role alone holds for all above it`);
  }
  return { scheme, leastRole };
}

/** The scopes that a scheme knows, from `x-scopes` (name: description); a scheme without asks for roles. */
function scopesOf(scheme: unknown): string[] | undefined {
  const scopes = isObject(scheme) ? scheme['x-scopes'] : undefined;
  if (scopes === undefined) return undefined;
  if (!isObject(scopes)) throw new Error('x-scopes is an object, with a description of each scope under its name');
  return Object.keys(scopes);
}

function readWords(scheme: string, words: unknown, known: readonly string[], kind: string): string[] {
  const choice = `the ${kind}s are ${known.join(', ')}`;
  if (!Array.isArray(words) || words.length === 0) throw new Error(`${scheme} names no ${kind}; ${choice}`);
  return words.map((word: unknown) => {
    if (typeof word !== 'string' || !known.includes(word)) {
      throw new Error(`${scheme} names the ${kind} ${JSON.stringify(word)}; ${choice}`);
    }
    return word;
  });
}

function readAssurance(given: unknown): Assurance | null {
  if (given === undefined) return null;
  const { max_age: maxAge, ...others } = isObject(given) ? given : {};
  if (!Number.isSafeInteger(maxAge) || Number(maxAge) < 1 || Object.keys(others).length > 0) {
    throw new Error('x-assurance is {max_age: …}, a whole number of seconds from 1');
  }
  return { maxAgeSeconds: Number(maxAge) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
