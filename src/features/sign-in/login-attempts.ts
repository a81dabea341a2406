import { createHmac, type KeyObject } from 'node:crypto';
import { ServiceError } from '../../platform/errors.ts';
import type { Counter } from '../../platform/limits/counter.ts';

/** Limits password guesses for one user, from any number of addresses (ASVS 6.3.1). */
export interface LoginAttempts {
  /** Counts an attempt; throws `rate_limited` if there were too many. The user need not exist. */
  begin(email: string): Promise<LoginAttempt>;
}

export interface LoginAttempt {
  /** Undoes the count of a correct password: only wrong ones count. */
  readonly undo: () => Promise<void>;
}

/** `undefined` means no limit; `key` keeps addresses out of the store; `record` is called for each refusal. */
export function createLoginAttempts(counter: Counter | undefined, key: KeyObject, record: () => void): LoginAttempts {
  if (!counter) return { begin: async () => ({ undo: () => Promise.resolve() }) };
  const nameOf = (email: string) => createHmac('sha256', key).update(email).digest('base64url');
  return {
    async begin(email) {
      // Counted before the password is checked, so that concurrent guesses all count.
      const { isBeyond, seconds, undo } = await counter.count(nameOf(email));
      if (!isBeyond) return { undo };
      record();
      const detail = `There were too many attempts to sign in with this address; try again in ${seconds} seconds.`;
      throw new ServiceError('rate_limited', { detail, retryAfterSeconds: seconds });
    },
  };
}
