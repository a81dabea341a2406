import { createHmac, type KeyObject } from 'node:crypto';
import { ServiceError } from '../errors.ts';
import type { Counter } from '../limits/counter.ts';

/** Bounds how often a password may be guessed for one account, from however many addresses (ASVS 6.3.1). */
export interface LoginAttempts {
  /** Counts an attempt; throws `rate_limited` when there were too many. There need be no such account. */
  begin(email: string): Promise<void>;
  /** Takes the attempt back: only wrong passwords count. */
  takeBack(email: string): Promise<void>;
}

/** `undefined` bounds nothing; `key` keeps addresses out of the store; `record` hears of each refusal. */
export function createLoginAttempts(counter: Counter | undefined, key: KeyObject, record: () => void): LoginAttempts {
  if (!counter) return { begin: () => Promise.resolve(), takeBack: () => Promise.resolve() };
  const nameOf = (email: string) => createHmac('sha256', key).update(email).digest('base64url');
  return {
    async begin(email) {
      // Counted before the password is checked, so that many guesses at once are not one.
      const { isBeyond, seconds } = await counter.count(nameOf(email));
      if (!isBeyond) return;
      record();
      const detail = `There were too many attempts to sign in with this address; try again in ${seconds} seconds.`;
      throw new ServiceError('rate_limited', { detail, retryAfterSeconds: seconds });
    },
    takeBack: (email) => counter.uncount(nameOf(email)),
  };
}
