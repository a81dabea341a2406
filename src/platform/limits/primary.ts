import type { Cluster, Worker } from 'node:cluster';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimit } from '../config/config.ts';
import type { Log } from '../log/log.ts';
import { answerInTime, consume, limiterOptions, type SharedCounting } from './counting.ts';

/** All counts of one turn of a worker's event loop, in one message; each is a limit's name, the limit, the key and the points. */
interface Question {
  readonly latchkey: 'count';
  readonly id: number;
  readonly asked: readonly (readonly [string, RateLimit, string, number])[];
}

/** Consumed points, remaining points and milliseconds until the window ends, in the order of the question. */
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

/** How long a request waits for the primary before it is counted without it. */
const answerMs = 1000;

/** In a primary: counts for all workers, so that limits don't depend on the number of workers. */
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
      // The worker may have ended meanwhile.
      if (worker.isConnected()) worker.send({ latchkey: 'counted', id, counts } satisfies Answer, () => {});
    });
  };
  cluster.on('message', hear);
  return { stop: () => cluster.off('message', hear) };
}

/** In a worker: counts through the primary. While that does not answer, each worker counts on its own; `tell` is told. */
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
    log.info('the primary answers: all workers count limits together');
  });
  return {
    isUnavailable: () => away || !process.connected,
    open: (name, limit) => (key, points) => {
      const answer = new Promise<RateLimiterRes>((resolve, reject) => {
        if (next.push({ entry: [name, limit, key, points], resolve, reject }) === 1) setImmediate(flush);
      });
      return answerInTime(answer, answerMs);
    },
    markUnavailable(reason) {
      if (away) return;
      away = true;
      tell(true);
      log.warn({ err: reason }, 'the primary does not answer: each worker counts limits on its own until it does');
    },
  };
}

function isOf<Kind extends { latchkey: string }>(kind: Kind['latchkey'], message: unknown): message is Kind {
  return typeof message === 'object' && message !== null && 'latchkey' in message && message.latchkey === kind;
}
