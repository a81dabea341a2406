import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { RateLimit } from '../config/rate-limit.ts';
import { consume, limiterOptions, type Change, type SharedCounting } from './counting.ts';

/** Counts what each key does in a window of time. */
export interface Counter {
  readonly limit: RateLimit;
  /** Counts one, and says whether that exceeds the limit. */
  count(key: string): Promise<Outcome>;
}

export interface Outcome {
  readonly isBeyond: boolean;
  readonly remaining: number;
  /** Seconds until the window ends; at least 1. */
  readonly seconds: number;
  /** Undoes the count while its window lasts; does not carry over to the next one. */
  readonly undo: () => Promise<void>;
}

/** Creates a counter that uses the first of `shared` that is available, and otherwise memory. */
export function createCounter(name: string, limit: RateLimit, shared: readonly SharedCounting[] = []): Counter {
  const own = new RateLimiterMemory(limiterOptions(name, limit));
  const inMemory: Change = (key, points) => consume(own, key, points);
  const change = shared.reduceRight((fallback, each) => withFallback(each, each.open(name, limit), fallback), inMemory);

  return {
    limit,
    async count(key) {
      // Taken before the count, so that the computed end of the window is never too late.
      const asked = performance.now();
      const { consumedPoints, remainingPoints, msBeforeNext } = await change(key, 1);
      const windowEnd = asked + msBeforeNext;
      return {
        isBeyond: consumedPoints > limit.requests,
        remaining: Math.max(0, remainingPoints),
        // If the clock was set back, this would be longer than the window.
        seconds: Math.min(Math.max(1, Math.ceil(msBeforeNext / 1000)), limit.windowSeconds),
        async undo() {
          if (performance.now() < windowEnd) await change(key, -1);
        },
      };
    },
  };
}

function withFallback(shared: SharedCounting, count: Change, fallback: Change): Change {
  return async (key, points) => {
    if (shared.isUnavailable()) return fallback(key, points);
    try {
      return await count(key, points);
    } catch (error) {
      shared.markUnavailable(error);
      return fallback(key, points);
    }
  };
}
