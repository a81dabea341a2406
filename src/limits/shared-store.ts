import type { Redis } from 'ioredis';
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

/** A request waits this long for Redis before it is counted without it. */
const answerMs = 250;
const connectMs = 2000;
const longestPauseMs = 2000;

/** Connects to Redis and goes on trying; `tell` hears whether it is away. No request waits for a connection. */
export async function openSharedStore(url: string, log: Log, tell: (away: boolean) => void): Promise<SharedStore> {
  const { Redis } = await import('ioredis');
  const client = new Redis(url, {
    connectionName: 'latchkey',
    commandTimeout: answerMs,
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
  client.on('ready', () => {
    away = false;
    announced = false;
    tell(false);
    log.info('Redis answers: limits are counted by all processes together');
  });
  const lose = () => {
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
      client.removeAllListeners('close');
      client.disconnect();
    },
  };
}
