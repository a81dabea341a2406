import type { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { Log } from '../log/log.ts';
import { answerInTime, consume, limiterOptions, type SharedCounting } from './counting.ts';

/** A Redis in which all processes count together. */
export interface SharedStore extends SharedCounting {
  readonly close: () => void;
}

/** A request waits this long for Redis before it is counted without it. */
const answerMs = 250;
const connectMs = 2000;
const longestPauseMs = 2000;

/** Connects to Redis and goes on trying; `tell` hears whether it is away. No request waits for a connection. */
export async function openSharedStore(url: string, log: Log, tell: (away: boolean) => void): Promise<SharedStore> {
  const { Redis } = await import('ioredis');
  const client = new Redis(url, {
    connectionName: 'latchkey',
    connectTimeout: connectMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    // What is asked in one turn of the event loop is sent as one.
    enableAutoPipelining: true,
    disconnectTimeout: answerMs,
    retryStrategy: (attempt) => Math.min(attempt * 100, longestPauseMs),
  });
  let away = true;
  tell(true);
  let announced = false;
  let lastError: unknown;
  client.on('error', (error: unknown) => {
    lastError = error;
  });
  let timer: NodeJS.Timeout | undefined;
  const look = async () => {
    clearTimeout(timer);
    try {
      await answerInTime(countOnce(client), answerMs);
    } catch (error) {
      lastError = error;
      // It may answer and yet refuse to count: a replica, one without memory, a user without the right.
      timer = setTimeout(() => void look(), longestPauseMs).unref();
      return;
    }
    away = false;
    announced = false;
    tell(false);
    log.info('Redis answers: limits are counted by all servers together');
  };
  client.on('ready', () => void look());
  const lose = () => {
    clearTimeout(timer);
    away = true;
    tell(true);
    if (announced) return;
    announced = true;
    log.warn({ err: lastError }, 'Redis is away: each server counts limits by itself until it is back');
  };
  client.on('close', lose);
  return {
    isAway: () => away,
    open(name, limit) {
      const limiter = new RateLimiterRedis({ ...limiterOptions(name, limit), storeClient: client });
      return (key, points) => answerInTime(consume(limiter, key, points), answerMs);
    },
    // A connection without answers is left for a better one.
    giveUp(reason) {
      if (away) return;
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
 * Counts a key that is gone in a second, as limits are counted. Throws when Redis refuses that, does not answer, lacks the database of
 * the URL, or is a cluster, of which each part counts for itself.
 */
export async function countOnce(client: Redis): Promise<void> {
  // A user may lack the right to ask; what counts then says all the same what is wrong.
  const about = await client.info('cluster').catch(() => '');
  if (about.includes('cluster_enabled:1')) throw new Error('it is a Redis Cluster; use a Redis without cluster mode');
  await client.select(client.options.db ?? 0);
  const probe = new RateLimiterRedis({
    storeClient: client,
    keyPrefix: 'latchkey:probe',
    points: 1_000_000,
    duration: 1,
  });
  await probe.consume('any');
}
