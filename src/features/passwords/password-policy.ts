import type { Violation } from '../../platform/errors.ts';
import { describeViolation, type ViolationDetails, type ViolationRule } from '../../platform/violations.ts';
import type { CommonPasswords } from './common-passwords.ts';
import { fold, normalize } from './fold.ts';
import { patternOf } from './password-patterns.ts';

/** Whose password it will be: nobody may choose their own name or address. */
export interface PasswordOwner {
  readonly email: string;
  readonly fullName: string;
}

/** The rules that a password breaks (NIST SP 800-63B-4, section 3.1.1.2; ASVS 6.2.1, 6.2.4, 6.2.11); `place` is where it is in the request. */
export type PasswordPolicy = (password: string, owner: PasswordOwner, place: readonly string[]) => Violation[];

export interface PasswordPolicyParts {
  /** In code points. */
  readonly minLength: number;
  readonly maxLength: number;
  readonly isCommon: CommonPasswords;
  /** What the service is called, see service-names.ts. */
  readonly serviceNames: readonly string[];
}

// Shorter parts appear in good passwords by chance.
const minPartLength = 3;

/** No kinds of characters are required, since that makes passwords no harder to guess (ASVS 6.2.5). */
export function createPasswordPolicy(parts: PasswordPolicyParts): PasswordPolicy {
  const { minLength, maxLength, isCommon, serviceNames } = parts;
  const services = serviceNames.map(fold).flatMap(asWritten);
  return (password, { email, fullName }, place) => {
    const violations: Violation[] = [];
    const refuse = (rule: ViolationRule, details?: ViolationDetails) =>
      violations.push(describeViolation(place, rule, details));
    const typed = Array.from(password).length;
    // Composing makes some characters one, and takes others apart: neither makes a password longer than it was typed.
    if (Math.min(typed, Array.from(normalize(password)).length) < minLength) refuse('minLength', { limit: minLength });
    if (typed > maxLength) refuse('maxLength', { limit: maxLength });

    const folded = fold(password);
    const characters = Array.from(folded);
    // Longer ones are refused anyway, so they are not worth the time.
    const pattern = typed > maxLength ? undefined : patternOf(characters, minLength);
    if (pattern) refuse(`password_${pattern}`);
    else if (isCommon(characters)) refuse('password_common');

    const holds = (part: string) => part.length >= minPartLength && folded.includes(part);
    const name = fold(fullName);
    if (holds(fold(email.slice(0, email.lastIndexOf('@'))))) refuse('password_contains_email');
    if (asWritten(name).some(holds)) refuse('password_contains_name');
    if (services.some(holds)) refuse('password_contains_service');
    return violations;
  };
}

/** A name as it is, and written as one word. */
function asWritten(name: string): string[] {
  return [name, name.replaceAll(/\s+/g, '')];
}
