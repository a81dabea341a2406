import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimit } from '../config/config.ts';
import { answerInTime, type SharedStore } from './shared-store.ts';

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

type Change = (key: string, points: number) => Promise<RateLimiterRes>;

/** Makes a counter that all processes share where there is a store and it answers; else it counts in memory. */
export function createCounter(name: string, limit: RateLimit, store?: SharedStore): Counter {
  const options = { keyPrefix: `latchkey:${name}`, points: limit.requests, duration: limit.windowSeconds };
  const own = new RateLimiterMemory(options);
  const alone: Change = (key, points) => consume(own, key, points);
  const change = store
    ? together(new RateLimiterRedis({ ...options, storeClient: store.client }), store, alone)
    : alone;

  return {
    limit,
    async count(key) {
      const { consumedPoints, remainingPoints, msBeforeNext } = await change(key, 1);
      const windowEnd = performance.now() + msBeforeNext;
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

function together(shared: RateLimiterRedis, store: SharedStore, alone: Change): Change {
  return async (key, points) => {
    if (store.isAway()) return alone(key, points);
    try {
      return await answerInTime(consume(shared, key, points));
    } catch (error) {
      store.renew(error);
      return alone(key, points);
    }
  };
}

// Too many is thrown, as if it were an error.
async function consume(limiter: RateLimiterMemory | RateLimiterRedis, key: string, points: number) {
  try {
    return await limiter.consume(key, points);
  } catch (rejection) {
    if (rejection instanceof RateLimiterRes) return rejection;
    throw rejection;
  }
}
