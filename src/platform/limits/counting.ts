import { type RateLimiterMemory, type RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimit } from '../config/config.ts';

/** Adds to what a key did in the current window. */
export type Change = (key: string, points: number) => Promise<RateLimiterRes>;

/** Where several processes count together. */
export interface SharedCounting {
  /** Whether it can't be asked now. */
  readonly isAway: () => boolean;
  /** Makes what counts there by a limit. It rejects when it gets no answer in time. */
  readonly open: (name: string, limit: RateLimit) => Change;
  /** An answer did not come: counts go on without it until it answers again. */
  readonly giveUp: (reason: unknown) => void;
}

/** A limit as rate-limiter-flexible takes it. */
export function limiterOptions(name: string, limit: RateLimit) {
  return { keyPrefix: `latchkey:${name}`, points: limit.requests, duration: limit.windowSeconds };
}

/** Counts; too many is no error here, though rate-limiter-flexible throws it as one. */
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

// A timer that is later than this tells of a stall of this process.
const stallMs = 50;

/** Resolves with an answer from another process. Rejects after so many milliseconds without one, in which this process did not stall. */
export async function answerInTime<Answer>(answer: Promise<Answer>, milliseconds: number): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  let isAnswered = false;
  const late = new Promise<never>((_resolve, reject) => {
    const wait = () => {
      const due = performance.now() + milliseconds;
      timer = setTimeout(() => setImmediate(give, due), milliseconds);
    };
    // Timers come before sockets: after a stall the question may not be sent yet, and an answer that is there not read.
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
