/** Reads what the contract says about who may call an operation: `security`, and `x-assurance` and `x-without-second-factor` beside it. */
import { isRole, roles, type Role } from './user.ts';

/** One alternative of `security`: a scheme, and the least role or all the scopes that its principal must hold. */
export type Requirement =
  | { readonly scheme: string; readonly leastRole: Role }
  | { readonly scheme: string; readonly scopes: readonly string[] };

/** How recently somebody must have proved who they are (RFC 9470). */
export interface Assurance {
  readonly maxAgeSeconds: number;
  /** The fields of the body that ask for it, by any value or one of these; without it, every request does. */
  readonly onlyFor?: Readonly<Record<string, 'any' | readonly unknown[]>>;
}

/** Who may call an operation. */
export interface AccessPolicy {
  /** Any one of these is enough; `public` asks for none. */
  readonly access: 'public' | readonly Requirement[];
  readonly assurance: Assurance | null;
  /** Whether it may be called by one factor, where a role needs two. */
  readonly withoutSecondFactor: boolean;
}

/** The part of an operation that says who may call it. */
export interface SecuredOperation {
  security?: unknown;
  'x-assurance'?: unknown;
  'x-without-second-factor'?: unknown;
}

/** The parts of a contract that the `security` of an operation refers to. */
export interface SecurityDocument {
  security?: unknown;
  components?: { securitySchemes?: Record<string, unknown> };
}

/** Reads an operation's policy. If it can't be enforced, throws an error that says what to write instead. */
export function readAccessPolicy(operation: SecuredOperation, document: SecurityDocument): AccessPolicy {
  const security = operation.security === undefined ? document.security : operation.security;
  const access = readSecurity(security, document.components?.securitySchemes ?? {});
  const assurance = readAssurance(operation['x-assurance']);
  if (assurance && access === 'public')
    throw new Error('x-assurance needs an authenticated caller, but security lets anybody call');
  return { access, assurance, withoutSecondFactor: readWithoutSecondFactor(operation, access) };
}

function readSecurity(security: unknown, schemes: Record<string, unknown>): AccessPolicy['access'] {
  if (security === undefined) {
    throw new Error('security is missing, here and for the whole contract; [] lets anybody call');
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
  const [scheme, names] = entry;
  if (others.length > 0) {
    const names = [scheme, ...others.map(([name]) => name)].join(' and ');
    throw new Error(
      `a requirement asks for ${names} together, which the server does not support; make each a requirement of its own`,
    );
  }
  if (!Object.hasOwn(schemes, scheme)) {
    throw new Error(
      `${scheme} is not one of the security schemes: ${Object.keys(schemes).join(', ') || 'there are none'}`,
    );
  }
  const scopes = scopesOf(schemes[scheme]);
  const named = readNames(scheme, names, scopes ?? roles, scopes ? 'scope' : 'role');
  if (scopes) return { scheme, scopes: named };
  const [leastRole, ...otherRoles] = named.filter(isRole);
  if (!leastRole || otherRoles.length > 0) {
    throw new Error(`${scheme} names ${named.join(' and ')}; name only the lowest role, which includes all above it`);
  }
  return { scheme, leastRole };
}

/** The scopes that a scheme lists in `x-scopes` (name: description); a scheme without them requires roles. */
function scopesOf(scheme: unknown): string[] | undefined {
  const scopes = isObject(scheme) ? scheme['x-scopes'] : undefined;
  if (scopes === undefined) return undefined;
  if (!isObject(scopes)) throw new Error('x-scopes is an object, with a description of each scope under its name');
  return Object.keys(scopes);
}

function readNames(scheme: string, names: unknown, known: readonly string[], kind: string): string[] {
  const choice = `the ${kind}s are ${known.join(', ')}`;
  if (!Array.isArray(names) || names.length === 0) throw new Error(`${scheme} names no ${kind}; ${choice}`);
  return names.map((name: unknown) => {
    if (typeof name !== 'string' || !known.includes(name)) {
      throw new Error(`${scheme} names the ${kind} ${JSON.stringify(name)}; ${choice}`);
    }
    return name;
  });
}

function readAssurance(given: unknown): Assurance | null {
  if (given === undefined) return null;
  const { max_age: maxAge, only_for: onlyFor, ...others } = isObject(given) ? given : {};
  if (!Number.isSafeInteger(maxAge) || Number(maxAge) < 1 || Object.keys(others).length > 0) {
    throw new Error('x-assurance is {max_age: …}, a whole number of seconds from 1, and may have only_for');
  }
  if (onlyFor === undefined) return { maxAgeSeconds: Number(maxAge) };
  return { maxAgeSeconds: Number(maxAge), onlyFor: readOnlyFor(onlyFor) };
}

function readOnlyFor(given: unknown): NonNullable<Assurance['onlyFor']> {
  const isChoice = (values: unknown) => values === 'any' || (Array.isArray(values) && values.length > 0);
  if (!isObject(given) || Object.keys(given).length === 0 || !Object.values(given).every(isChoice)) {
    throw new Error('only_for names fields of the body, each with a list of values or any, such as {role: [admin]}');
  }
  return given as NonNullable<Assurance['onlyFor']>;
}

function readWithoutSecondFactor(operation: SecuredOperation, access: AccessPolicy['access']): boolean {
  const given = operation['x-without-second-factor'];
  if (given === undefined) return access === 'public';
  if (given !== true) throw new Error('x-without-second-factor is true, or missing');
  if (access === 'public') throw new Error('x-without-second-factor is for callers, but security lets anybody call');
  return true;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
