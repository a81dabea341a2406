import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { RateLimit } from '../config/config.ts';
import { consume, limiterOptions, type Change, type SharedCounting } from './counting.ts';

/** Counts what each key does in a window of time. */
export interface Counter {
  readonly limit: RateLimit;
  /** Counts one; the outcome tells whether that was one too many. */
  count(key: string): Promise<Outcome>;
}

export interface Outcome {
  readonly isBeyond: boolean;
  readonly remaining: number;
  /** Until the window ends; at least 1. */
  readonly seconds: number;
  /** Undoes the count, as long as its window lasts: it is no credit in the next one. */
  readonly takeBack: () => Promise<void>;
}

/** Makes a counter that processes share where something shared answers, the first of these that does; else it counts in memory. */
export function createCounter(name: string, limit: RateLimit, shared: readonly SharedCounting[] = []): Counter {
  const own = new RateLimiterMemory(limiterOptions(name, limit));
  const alone: Change = (key, points) => consume(own, key, points);
  const change = shared.reduceRight((without, each) => together(each, each.open(name, limit), without), alone);

  return {
    limit,
    async count(key) {
      // From before the count, so that it is never later than the real end.
      const asked = performance.now();
      const { consumedPoints, remainingPoints, msBeforeNext } = await change(key, 1);
      const windowEnd = asked + msBeforeNext;
      return {
        isBeyond: consumedPoints > limit.requests,
        remaining: Math.max(0, remainingPoints),
        // A clock that was set back would make it longer than the window.
        seconds: Math.min(Math.max(1, Math.ceil(msBeforeNext / 1000)), limit.windowSeconds),
        async takeBack() {
          if (performance.now() < windowEnd) await change(key, -1);
        },
      };
    },
  };
}

function together(shared: SharedCounting, count: Change, without: Change): Change {
  return async (key, points) => {
    if (shared.isAway()) return without(key, points);
    try {
      return await count(key, points);
    } catch (error) {
      shared.giveUp(error);
      return without(key, points);
    }
  };
}
