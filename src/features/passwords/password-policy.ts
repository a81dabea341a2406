import { dictionary } from '@zxcvbn-ts/language-common';
import { ServiceError, type Violation } from '../../platform/errors.ts';
import { describeViolation, type ViolationDetails, type ViolationRule } from '../../platform/violations.ts';

/** Refuses passwords that are easy to guess (NIST SP 800-63B, ASVS 6.2.4 and 6.2.11). */
export type PasswordPolicy = (password: string, person: { email: string; fullName: string }) => void;

// Shorter parts appear in good passwords by chance.
const minimumPart = 3;

/** How many code points a password has; the contract's schema says it. */
export interface PasswordBounds {
  readonly minLength: number;
  readonly maxLength: number;
}

/** Loads the list of common passwords, about 50,000. */
export function createPasswordPolicy({ minLength, maxLength }: PasswordBounds): PasswordPolicy {
  const common = new Set(dictionary['passwords-common'].map((password) => password.toLowerCase()));
  return (password, { email, fullName }) => {
    const folded = fold(password);
    const holds = (part: string) => part.length >= minimumPart && folded.includes(part);
    const localPart = fold(email.slice(0, email.lastIndexOf('@')));
    const name = fold(fullName);
    const violations: Violation[] = [];
    const refuse = (rule: ViolationRule, details?: ViolationDetails) =>
      violations.push(describeViolation(['body', 'password'], rule, details));
    const length = Array.from(password).length;
    if (length < minLength) refuse('minLength', { limit: minLength });
    if (length > maxLength) refuse('maxLength', { limit: maxLength });
    if (common.has(folded)) refuse('password_common');
    if (holds(localPart)) refuse('password_contains_email');
    if (holds(name) || holds(name.replaceAll(/\s+/g, ''))) refuse('password_contains_name');
    if (violations.length > 0) throw new ServiceError('validation_failed', { violations });
  };
}

// Normalisation takes time quadratic in the length.
const longestFolded = 1000;

// The same however it was typed: composed or not, in full width, with ligatures.
function fold(text: string): string {
  return text.length > longestFolded ? text.toLowerCase() : text.normalize('NFKC').toLowerCase().normalize('NFKC');
}
