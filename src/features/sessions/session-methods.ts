/** What the ways to prove who one is amount to, alone and together. */
import type { AuthenticationClass } from '../../access/principal.ts';
import type { SessionMethod } from './session.ts';

const firsts: readonly SessionMethod[] = ['password', 'email_code'];
export const seconds: readonly SessionMethod[] = ['totp', 'recovery_code', 'passkey'];

/** Whether these are two factors: a first and a second one, or a passkey, which always asks for a PIN or a fingerprint as well. */
export function hasTwoFactors(methods: readonly SessionMethod[]): boolean {
  if (methods.includes('passkey')) return true;
  return methods.some((method) => firsts.includes(method)) && methods.some((method) => seconds.includes(method));
}

/** The references of methods, each once (RFC 8176, section 2). */
const references: Readonly<Record<string, readonly string[]>> = {
  password: ['pwd'],
  email_code: ['otp'],
  totp: ['otp'],
  recovery_code: ['otp'],
  passkey: ['pop', 'user'],
} satisfies Record<SessionMethod, readonly string[]>;

/** The claim `amr` (RFC 8176). A method that only a newer release knows has no reference. */
export function amrOf(methods: readonly SessionMethod[]): string[] {
  const known = methods.flatMap((method) => references[method] ?? []);
  return [...new Set([...known, ...(hasTwoFactors(methods) ? ['mfa'] : [])])];
}

/** The claim `acr` (OpenID Connect Core 1.0, section 2): by one factor, or by two. */
export function acrOf(methods: readonly SessionMethod[]): AuthenticationClass {
  return hasTwoFactors(methods) ? 'urn:latchkey:acr:2' : 'urn:latchkey:acr:1';
}
