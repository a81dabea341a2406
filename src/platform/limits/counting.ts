import { type RateLimiterMemory, type RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimit } from '../config/rate-limit.ts';

/** Adds points to a key's count in the current window. */
export type Change = (key: string, points: number) => Promise<RateLimiterRes>;

/** A place where several processes share counts. */
export interface SharedCounting {
  /** Whether it is known to be unavailable. */
  readonly isUnavailable: () => boolean;
  /** Opens a count for a limit. A change rejects if it gets no answer in time. */
  readonly open: (name: string, limit: RateLimit) => Change;
  /** Reports a change that failed; it is unavailable until it answers again. */
  readonly markUnavailable: (reason: unknown) => void;
}

/** The options of rate-limiter-flexible for a limit. */
export function limiterOptions(name: string, limit: RateLimit) {
  return { keyPrefix: `latchkey:${name}`, points: limit.requests, duration: limit.windowSeconds };
}

/** Counts. Unlike rate-limiter-flexible, does not throw when the limit is exceeded. */
export async function consume(
  limiter: RateLimiterMemory | RateLimiterRedis,
  key: string,
  points: number,
): Promise<RateLimiterRes> {
  try {
    return await limiter.consume(key, points);
  } catch (rejection) {
    if (rejection instanceof RateLimiterRes) return rejection;
    throw rejection;
  }
}

// A timer that fires later than this means that this process stalled.
const stallMs = 50;

/** Resolves with an answer from another process, or rejects after `milliseconds`, not counting the time that this process stalled. */
export async function answerInTime<Answer>(answer: Promise<Answer>, milliseconds: number): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  let isAnswered = false;
  const late = new Promise<never>((_resolve, reject) => {
    const wait = () => {
      const due = performance.now() + milliseconds;
      timer = setTimeout(() => setImmediate(give, due), milliseconds);
    };
    // Timers run before sockets: after a stall the question may not have been sent, or its answer not read yet.
    const give = (due: number) => {
      if (isAnswered) return;
      if (performance.now() - due > stallMs) wait();
      else reject(new Error(`no answer in ${milliseconds} ms`));
    };
    wait();
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    isAnswered = true;
    clearTimeout(timer);
  }
}
