import type { Cluster } from 'node:cluster';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimit } from '../platform/config/rate-limit.ts';
import { answerInTime, consume, limiterOptions, type SharedCounting } from '../platform/limits/counting.ts';
import type { Log } from '../platform/log/log.ts';
import { onPrimaryMessage, onWorkerMessage, sendToPrimary, sendToWorker, type MessageToPrimary } from './protocol.ts';

interface Pending {
  readonly entry: MessageToPrimary<'count'>['asked'][number];
  readonly resolve: (result: RateLimiterRes) => void;
  readonly reject: (error: Error) => void;
}

/** How long a request waits for the primary before it is counted without it. */
const answerMs = 1000;

/** In a primary: counts for all workers, so that limits don't depend on their number. The returned function stops it. */
export function countForWorkers(cluster: Cluster): () => void {
  const limiters = new Map<string, RateLimiterMemory>();
  const limiterOf = (name: string, limit: RateLimit) => {
    const limiter = limiters.get(name) ?? new RateLimiterMemory(limiterOptions(name, limit));
    limiters.set(name, limiter);
    return limiter;
  };
  return onWorkerMessage(cluster, 'count', (worker, { id, asked }) => {
    const counted = asked.map(([name, limit, key, points]) => consume(limiterOf(name, limit), key, points));
    void Promise.all(counted).then((results) => {
      const counts = results.map((each) => [each.consumedPoints, each.remainingPoints, each.msBeforeNext] as const);
      sendToWorker(worker, 'counted', { id, counts });
    });
  });
}

/**
 * In a worker: counts through the primary; all counts of one turn of the event loop are one message. While the primary does not
 * answer, each worker counts on its own, and `report` gets true.
 */
export function countByPrimary(log: Log, report: (isUnavailable: boolean) => void): SharedCounting {
  const pending = new Map<number, readonly Pending[]>();
  let next: Pending[] = [];
  let id = 0;
  let isUnavailable = false;

  const flush = () => {
    const batch = next;
    next = [];
    pending.set((id += 1), batch);
    sendToPrimary('count', { id, asked: batch.map(({ entry }) => entry) }, (error) => {
      if (error) for (const { reject } of batch) reject(error);
    });
  };
  onPrimaryMessage('counted', (message) => {
    const batch = pending.get(message.id) ?? [];
    pending.delete(message.id);
    for (const [index, [used, left, ms]] of message.counts.entries()) {
      batch[index]?.resolve(new RateLimiterRes(left, ms, used, false));
    }
    if (!isUnavailable) return;
    isUnavailable = false;
    report(false);
    log.info('the primary answers: all workers count limits together');
  });
  return {
    isUnavailable: () => isUnavailable || !process.connected,
    open: (name, limit) => (key, points) => {
      const answer = new Promise<RateLimiterRes>((resolve, reject) => {
        if (next.push({ entry: [name, limit, key, points], resolve, reject }) === 1) setImmediate(flush);
      });
      return answerInTime(answer, answerMs);
    },
    markUnavailable(reason) {
      if (isUnavailable) return;
      isUnavailable = true;
      report(true);
      log.warn({ err: reason }, 'the primary does not answer: each worker counts limits on its own until it does');
    },
  };
}
