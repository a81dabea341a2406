import type { Cluster, Worker } from 'node:cluster';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimit } from '../config/config.ts';
import type { Log } from '../log/log.ts';
import { answerInTime, consume, limiterOptions, type SharedCounting } from './counting.ts';

/** What a worker asks in one turn of its event loop is one message: a limit's name, its numbers, the key and the points, each time. */
interface Question {
  readonly latchkey: 'count';
  readonly id: number;
  readonly asked: readonly (readonly [string, RateLimit, string, number])[];
}

/** Points that are used, points that are left, milliseconds until the window ends, in the order of the question. */
interface Answer {
  readonly latchkey: 'counted';
  readonly id: number;
  readonly counts: readonly (readonly [number, number, number])[];
}

interface Asked {
  readonly entry: Question['asked'][number];
  readonly resolve: (result: RateLimiterRes) => void;
  readonly reject: (error: Error) => void;
}

/** A request waits this long for the primary, once; then it is counted without it. */
const answerMs = 1000;

/** In a primary: counts for all workers, so that a limit is one limit however many they are. */
export function countForWorkers(cluster: Cluster): { readonly stop: () => void } {
  const limiters = new Map<string, RateLimiterMemory>();
  const limiterOf = (name: string, limit: RateLimit) => {
    const limiter = limiters.get(name) ?? new RateLimiterMemory(limiterOptions(name, limit));
    limiters.set(name, limiter);
    return limiter;
  };
  const hear = (worker: Worker, message: unknown) => {
    if (!isOf<Question>('count', message)) return;
    const { id, asked } = message;
    const counted = asked.map(([name, limit, key, points]) => consume(limiterOf(name, limit), key, points));
    void Promise.all(counted).then((results) => {
      const counts = results.map((each) => [each.consumedPoints, each.remainingPoints, each.msBeforeNext] as const);
      // A worker that ended meanwhile hears nothing.
      if (worker.isConnected()) worker.send({ latchkey: 'counted', id, counts } satisfies Answer, () => {});
    });
  };
  cluster.on('message', hear);
  return { stop: () => cluster.off('message', hear) };
}

/** In a worker: counts by the primary. While that does not answer, each worker counts by itself; `tell` hears of it. */
export function countByPrimary(log: Log, tell: (away: boolean) => void): SharedCounting {
  const waiting = new Map<number, readonly Asked[]>();
  let next: Asked[] = [];
  let id = 0;
  let away = false;

  const flush = () => {
    const asked = next;
    next = [];
    waiting.set((id += 1), asked);
    const question: Question = { latchkey: 'count', id, asked: asked.map(({ entry }) => entry) };
    process.send?.(question, undefined, undefined, (error: Error | null) => {
      if (error) for (const { reject } of asked) reject(error);
    });
  };
  process.on('message', (message: unknown) => {
    if (!isOf<Answer>('counted', message)) return;
    const asked = waiting.get(message.id) ?? [];
    waiting.delete(message.id);
    for (const [index, [used, left, ms]] of message.counts.entries()) {
      asked[index]?.resolve(new RateLimiterRes(left, ms, used, false));
    }
    if (!away) return;
    away = false;
    tell(false);
    log.info('the primary answers: limits are counted by all workers together');
  });
  return {
    isAway: () => away || !process.connected,
    open: (name, limit) => (key, points) => {
      const answer = new Promise<RateLimiterRes>((resolve, reject) => {
        if (next.push({ entry: [name, limit, key, points], resolve, reject }) === 1) setImmediate(flush);
      });
      return answerInTime(answer, answerMs);
    },
    giveUp(reason) {
      if (away) return;
      away = true;
      tell(true);
      log.warn({ err: reason }, 'the primary does not answer: each worker counts limits by itself until it does');
    },
  };
}

function isOf<Kind extends { latchkey: string }>(kind: Kind['latchkey'], message: unknown): message is Kind {
  return typeof message === 'object' && message !== null && 'latchkey' in message && message.latchkey === kind;
}
