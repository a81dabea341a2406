import { ServiceError } from '../../platform/errors.ts';
import { describeViolation } from '../../platform/violations.ts';
import type { BreachedPasswords } from './breached-passwords.ts';
import type { Hashing } from './password-hashing.ts';
import type { PasswordOwner, PasswordPolicy } from './password-policy.ts';

/** What passwords may be, and how they are hashed. */
export type PasswordsService = ReturnType<typeof createPasswordsService>;

export interface PasswordsServiceParts {
  readonly hashing: Hashing;
  readonly policy: PasswordPolicy;
  readonly isBreached: BreachedPasswords;
}

const usualPlace = ['body', 'password'];

export function createPasswordsService({ hashing, policy, isBreached }: PasswordsServiceParts) {
  /** Throws `validation_failed` if the owner may not have the password, which is at `place` in the request. Not for transactions. */
  async function check(password: string, owner: PasswordOwner, place: readonly string[] = usualPlace): Promise<void> {
    const violations = policy(password, owner, place);
    if (violations.length === 0 && (await isBreached(password))) {
      violations.push(describeViolation(place, 'password_breached'));
    }
    if (violations.length > 0) throw new ServiceError('validation_failed', { violations });
  }

  return {
    ...hashing,
    check,

    /** Checks and hashes a newly chosen password; whatever sets one calls this. Throws as `check` and `hash` do. */
    async hashChosen(password: string, owner: PasswordOwner, place?: readonly string[]): Promise<string> {
      // A refusal must cost next to nothing, and a search takes up to a second.
      hashing.refuseWhenFull();
      await check(password, owner, place);
      return hashing.hash(password);
    },
  };
}
