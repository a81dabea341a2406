import { Redis } from 'ioredis';
import { countOnce } from '../platform/limits/shared-store.ts';
import { fail, ok, type Finding } from '../platform/findings.ts';

const answerMs = 2000;

/** Whether Redis answers and lets this user count. */
export async function checkRedis(redisUrl: string): Promise<Finding[]> {
  const client = new Redis(redisUrl, {
    lazyConnect: true,
    connectTimeout: answerMs,
    commandTimeout: answerMs,
    disconnectTimeout: 100,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let cause: Error | undefined;
  client.on('error', (error: Error) => {
    cause ??= error;
  });
  try {
    await client.connect();
    await countOnce(client);
    return [ok('redis', 'Redis answers and counts')];
  } catch (error) {
    const { message } = cause ?? (error as Error);
    const reason = `Redis can't be used (${message}); each server would count limits on its own`;
    return [fail('redis', reason, 'check that it runs, and host, port, user and password in REDIS_URL')];
  } finally {
    client.disconnect();
  }
}
