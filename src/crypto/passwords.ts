import { createHmac } from 'node:crypto';
import bcrypt from 'bcrypt';
import pLimit from 'p-limit';
import { ServiceError } from '../errors.ts';

/** Tells whether whoever asked has left, so that the work is not done for nobody. */
type HasLeft = () => boolean;

/** Hashes passwords with bcrypt, a few at a time. All but the last throw `service_unavailable` when too many wait already. */
export interface Passwords {
  /** For who has other work before a hash, and would do it in vain. */
  refuseWhenFull(): void;
  hash(password: string, hasLeft?: HasLeft): Promise<string>;
  /** Takes as long without a hash as with one, so that a missing account can't be told from a wrong password. */
  verify(password: string, hash: string | undefined, hasLeft?: HasLeft): Promise<boolean>;
  /** Whether a hash was made at another cost and should be made anew. */
  isOutdated(hash: string): boolean;
}

export interface PasswordsOptions {
  /** The binary logarithm of bcrypt's rounds. */
  readonly cost: number;
  /** How many are hashed at once, and how many may wait. */
  readonly concurrency: number;
  readonly queueMax: number;
}

/** Hears how many seconds each hash took, without its wait, and of each refusal; is given a way to read the queue. */
export interface HashingObserver {
  hashed(seconds: number): void;
  hashingRefused(): void;
  watchHashing(read: () => { depth: number; running: number }): void;
}

export function createPasswords(
  { cost, concurrency, queueMax }: PasswordsOptions,
  observer?: HashingObserver,
): Passwords {
  const nobodysHash = `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`;
  const limit = pLimit(concurrency);
  observer?.watchHashing(() => ({ depth: limit.pendingCount, running: limit.activeCount }));

  function refuseWhenFull(): void {
    if (limit.activeCount < concurrency || limit.pendingCount < queueMax) return;
    observer?.hashingRefused();
    const detail = 'Too many passwords wait to be checked.';
    throw new ServiceError('service_unavailable', { detail, retryAfterSeconds: 2 });
  }

  async function queued<Result>(work: () => Promise<Result>, hasLeft: HasLeft): Promise<Result> {
    refuseWhenFull();
    return limit(async () => {
      if (hasLeft()) throw new ServiceError('service_unavailable', { detail: 'The client has left.' });
      const started = performance.now();
      const result = await work();
      observer?.hashed((performance.now() - started) / 1000);
      return result;
    });
  }

  return {
    refuseWhenFull,
    hash: (password, hasLeft = never) => queued(() => bcrypt.hash(condense(password), cost), hasLeft),
    verify: async (password, hash, hasLeft = never) => {
      const matches = await queued(() => bcrypt.compare(condense(password), hash ?? nobodysHash), hasLeft);
      return matches && hash !== undefined;
    },
    isOutdated: (hash) => bcrypt.getRounds(hash) !== cost,
  };
}

const never: HasLeft = () => false;

// bcrypt reads 72 bytes and stops at NUL: what it gets is of one length, and depends on every byte of the password.
function condense(password: string): string {
  return createHmac('sha256', 'latchkey password').update(password).digest('base64');
}
