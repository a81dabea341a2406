import { createHmac } from 'node:crypto';
import bcrypt from 'bcrypt';
import pLimit from 'p-limit';
import { ServiceError } from '../../platform/errors.ts';
import { normalize } from './fold.ts';
import { readForeignHash, type ForeignHash } from './foreign/foreign-hash.ts';

/** Hashes passwords with bcrypt, a few at a time. All three throw `service_unavailable` if the queue is full. */
export interface Hashing {
  /** For callers that do other work before hashing. */
  refuseWhenFull(): void;
  hash(password: string, signal?: AbortSignal): Promise<string>;
  /**
   * Takes the same time with any hash or none, even one of a lower cost, so that timing does not reveal whether a user exists; a
   * password that was not typed in normal form takes twice as long. A hash of another system that is slower than ours does reveal it.
   */
  verify(password: string, hash: string | undefined, signal?: AbortSignal): Promise<Match | undefined>;
}

/**
 * How a password matches a hash. An `outdated` one should be renewed: it has another cost, was not made from the normal form, or comes from
 * another system.
 */
export type Match = 'current' | 'outdated';

export interface HashingOptions {
  /** The binary logarithm of bcrypt's rounds. */
  readonly cost: number;
  /** How many are hashed at once, and how many may wait. */
  readonly concurrency: number;
  readonly queueMax: number;
}

/** Observes the seconds of each hash, without its wait, and each refusal; gets a function that reads the queue. */
export interface HashingObserver {
  hashed(seconds: number): void;
  hashingRefused(): void;
  watchHashing(read: () => { depth: number; running: number }): void;
}

export function createHashing({ cost, concurrency, queueMax }: HashingOptions, observer?: HashingObserver): Hashing {
  const limit = pLimit(concurrency);
  observer?.watchHashing(() => ({ depth: limit.pendingCount, running: limit.activeCount }));

  function refuseWhenFull(): void {
    if (limit.activeCount < concurrency || limit.pendingCount < queueMax) return;
    observer?.hashingRefused();
    const detail = 'Too many passwords are waiting to be checked.';
    throw new ServiceError('service_unavailable', { detail, retryAfterSeconds: 2 });
  }

  async function queued<Result>(work: () => Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
    refuseWhenFull();
    return limit(async () => {
      if (signal?.aborted) throw new ServiceError('service_unavailable', { detail: 'The client disconnected.' });
      const started = performance.now();
      const result = await work();
      observer?.hashed((performance.now() - started) / 1000);
      return result;
    });
  }

  return {
    refuseWhenFull,
    hash: (password, signal) => queued(() => bcrypt.hash(condense(normalize(password)), cost), signal),
    verify(password, hash, signal) {
      const normal = normalize(password);
      return queued(async () => {
        const foreign = foreignHashOf(hash);
        if (foreign) return (await matchesForeign(password, foreign)) ? 'outdated' : undefined;
        const isRight = await matches(condense(normal), hash);
        // The work depends only on what was typed. Earlier releases hashed it unnormalised.
        const wasRight = normal !== password && (await matches(condense(password), hash));
        if (isRight) return bcrypt.getRounds(hash ?? '') === cost ? 'current' : 'outdated';
        return wasRight ? 'outdated' : undefined;
      }, signal);
    },
  };

  async function matches(condensed: string, hash: string | undefined): Promise<boolean> {
    if (hash !== undefined && (await bcrypt.compare(condensed, hash))) return true;
    await spend(condensed, remainingWork(costOf(hash), cost));
    return false;
  }

  /** Other systems hash what was typed, or normalise it first. Both are always tried, so that the time does not tell which was right. */
  async function matchesForeign(password: string, foreign: ForeignHash): Promise<boolean> {
    let isRight = false;
    for (const spelling of new Set([password, normalize(password)])) {
      isRight = (await (foreign.bcryptCost === undefined ? matchesOther : matchesBcrypt)(spelling, foreign)) || isRight;
    }
    return isRight;
  }

  async function matchesBcrypt(spelling: string, foreign: ForeignHash): Promise<boolean> {
    const isRight = await foreign.matches(spelling);
    await spend(condense(spelling), remainingWork(foreign.bcryptCost, cost));
    return isRight;
  }

  // How long other algorithms take is unknown, so ours runs at the same time: the slower one decides how long both take.
  async function matchesOther(spelling: string, foreign: ForeignHash): Promise<boolean> {
    const [isRight] = await Promise.all([foreign.matches(spelling), spend(condense(spelling), [cost])]);
    return isRight;
  }
}

function foreignHashOf(hash: string | undefined): ForeignHash | undefined {
  if (hash === undefined || hash.startsWith('$2')) return undefined;
  const foreign = readForeignHash(hash);
  return typeof foreign === 'string' ? undefined : foreign;
}

async function spend(condensed: string, costs: readonly number[]): Promise<void> {
  for (const cost of costs) await bcrypt.compare(condensed, `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`);
}

function costOf(hash: string | undefined): number | undefined {
  const cost = /^\$2[aby]\$(\d\d)\$/.exec(hash ?? '')?.[1];
  return cost === undefined ? undefined : Number(cost);
}

// Each cost doubles the work, so after a hash of cost n, one more of each cost from n to `cost - 1` adds up to one of `cost`.
function remainingWork(spent: number | undefined, cost: number): number[] {
  if (spent === undefined) return [cost];
  return Array.from({ length: Math.max(0, cost - spent) }, (_, index) => spent + index);
}

// bcrypt reads 72 bytes and stops at NUL: what it gets is of one length, and depends on every byte of the password.
function condense(password: string): string {
  return createHmac('sha256', 'latchkey password').update(password).digest('base64');
}
