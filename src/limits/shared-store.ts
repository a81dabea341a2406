import type { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { Log } from '../log.ts';

/** A Redis in which all processes count together. */
export interface SharedStore {
  readonly client: Redis;
  /** Whether it can't be asked now. */
  readonly isAway: () => boolean;
  /** Gives up the connection after an answer that did not come, and looks for a better one. */
  readonly renew: (reason: unknown) => void;
  readonly close: () => void;
}

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
      await answerInTime(countOnce(client));
    } catch (error) {
      lastError = error;
      // It may answer and yet refuse to count: a replica, one without memory, a user without the right.
      timer = setTimeout(() => void look(), longestPauseMs).unref();
      return;
    }
    away = false;
    announced = false;
    tell(false);
    log.info('Redis answers: limits are counted by all processes together');
  };
  client.on('ready', () => void look());
  const lose = () => {
    clearTimeout(timer);
    away = true;
    tell(true);
    if (announced) return;
    announced = true;
    log.warn({ err: lastError }, 'Redis is away: each process counts limits by itself until it is back');
  };
  client.on('close', lose);
  return {
    client,
    isAway: () => away,
    renew(reason) {
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

/** Resolves with the answer of Redis. Rejects after 250 ms without one: a request is then counted without Redis. */
export async function answerInTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    // After a stall of this process, timers come before sockets: an answer that is there already is read first.
    timer = setTimeout(() => setImmediate(() => reject(new Error(`no answer in ${answerMs} ms`))), answerMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Counts a key that is gone in a second, as limits are counted. Throws when Redis refuses that, or does not answer. */
export async function countOnce(client: Redis): Promise<void> {
  const probe = new RateLimiterRedis({
    storeClient: client,
    keyPrefix: 'latchkey:probe',
    points: 1_000_000,
    duration: 1,
  });
  await probe.consume('any');
}
