import type { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { Log } from '../log/log.ts';
import { answerInTime, consume, limiterOptions, type SharedCounting } from './counting.ts';

/** A Redis in which all processes share counts. */
export interface SharedStore extends SharedCounting {
  readonly close: () => void;
}

/** How long a request waits for Redis before it is counted without it. */
const answerMs = 250;
const connectMs = 2000;
const maxPauseMs = 2000;

/** Connects to Redis and keeps retrying; `report` gets whether it is unavailable. No request waits for a connection. */
export async function openSharedStore(
  url: string,
  log: Log,
  report: (isUnavailable: boolean) => void,
): Promise<SharedStore> {
  const { Redis } = await import('ioredis');
  const client = new Redis(url, {
    connectionName: 'latchkey',
    connectTimeout: connectMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    // Commands of one turn of the event loop are sent together.
    enableAutoPipelining: true,
    disconnectTimeout: answerMs,
    retryStrategy: (attempt) => Math.min(attempt * 100, maxPauseMs),
  });
  let isUnavailable = true;
  report(true);
  let announced = false;
  let lastError: unknown;
  client.on('error', (error: unknown) => {
    lastError = error;
  });
  let timer: NodeJS.Timeout | undefined;
  const probe = async () => {
    clearTimeout(timer);
    try {
      await answerInTime(countOnce(client), answerMs);
    } catch (error) {
      lastError = error;
      // It may answer but refuse to count: a replica, out of memory, a user without permission.
      timer = setTimeout(() => void probe(), maxPauseMs).unref();
      return;
    }
    isUnavailable = false;
    announced = false;
    report(false);
    log.info('Redis answers: all servers count limits together');
  };
  client.on('ready', () => void probe());
  const lose = () => {
    clearTimeout(timer);
    isUnavailable = true;
    report(true);
    if (announced) return;
    announced = true;
    log.warn({ err: lastError }, 'Redis is unavailable: each server counts limits on its own until it is back');
  };
  client.on('close', lose);
  return {
    isUnavailable: () => isUnavailable,
    open(name, limit) {
      const limiter = new RateLimiterRedis({ ...limiterOptions(name, limit), storeClient: client });
      return (key, points) => answerInTime(consume(limiter, key, points), answerMs);
    },
    // Reconnects: a connection that does not answer may be dead.
    markUnavailable(reason) {
      if (isUnavailable) return;
      lastError = reason;
      lose();
      client.disconnect(true);
    },
    close() {
      clearTimeout(timer);
      client.removeAllListeners('close');
      client.disconnect();
    },
  };
}

/**
 * Counts a key the way limits are counted; it expires after a second. Throws if Redis refuses, does not answer, lacks the URL's database,
 * or is a cluster, whose nodes would count on their own.
 */
export async function countOnce(client: Redis): Promise<void> {
  // The user may not be allowed to ask; the commands below still fail with the reason.
  const about = await client.info('cluster').catch(() => '');
  if (about.includes('cluster_enabled:1')) throw new Error('it is a Redis Cluster; use a Redis without cluster mode');
  await client.select(client.options.db ?? 0);
  const limiter = new RateLimiterRedis({
    storeClient: client,
    keyPrefix: 'latchkey:probe',
    points: 1_000_000,
    duration: 1,
  });
  await limiter.consume('any');
}
