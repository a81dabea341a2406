import { createHmac, type KeyObject } from 'node:crypto';
import { ServiceError } from '../../platform/errors.ts';
import type { Counter } from '../../platform/limits/counter.ts';

/** Bounds how often a password may be guessed for one user, from however many addresses (ASVS 6.3.1). */
export interface LoginAttempts {
  /** Counts an attempt; throws `rate_limited` when there were too many. There need be no such user. */
  begin(email: string): Promise<LoginAttempt>;
}

export interface LoginAttempt {
  /** For one that was no guess: only wrong passwords count. */
  readonly undo: () => Promise<void>;
}

/** `undefined` bounds nothing; `key` keeps addresses out of the store; `record` hears of each refusal. */
export function createLoginAttempts(counter: Counter | undefined, key: KeyObject, record: () => void): LoginAttempts {
  if (!counter) return { begin: async () => ({ undo: () => Promise.resolve() }) };
  const nameOf = (email: string) => createHmac('sha256', key).update(email).digest('base64url');
  return {
    async begin(email) {
      // Counted before the password is checked, so that many guesses at once are not one.
      const { isBeyond, seconds, undo } = await counter.count(nameOf(email));
      if (!isBeyond) return { undo };
      record();
      const detail = `There were too many attempts to sign in with this address; try again in ${seconds} seconds.`;
      throw new ServiceError('rate_limited', { detail, retryAfterSeconds: seconds });
    },
  };
}
