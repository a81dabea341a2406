/** The real rules of passwords, and the service with them. */
import { loadCommonPasswords } from '../../../src/features/passwords/common-passwords.ts';
import type { Hashing } from '../../../src/features/passwords/password-hashing.ts';
import { createPasswordPolicy, type PasswordPolicyParts } from '../../../src/features/passwords/password-policy.ts';
import { createPasswordsService } from '../../../src/features/passwords/passwords.service.ts';
import type { BreachedPasswords } from '../../../src/features/passwords/breached-passwords.ts';

const isCommon = loadCommonPasswords();

export function aPolicy(changes: Partial<PasswordPolicyParts> = {}) {
  return createPasswordPolicy({ minLength: 8, maxLength: 128, isCommon, serviceNames: ['latchkey'], ...changes });
}

export function aPasswordsService(hashing: Hashing, isBreached: BreachedPasswords = async () => false) {
  return createPasswordsService({ hashing, policy: aPolicy(), isBreached });
}
