import { Redis } from 'ioredis';
import { fail, ok, type Finding } from './findings.ts';

const answerMs = 3000;

/** Whether Redis answers and lets this user count. Nothing is looked at without a REDIS_URL. */
export async function checkRedis(redisUrl: string | undefined): Promise<Finding[]> {
  if (redisUrl === undefined || !URL.canParse(redisUrl)) return [];
  const client = new Redis(redisUrl, {
    lazyConnect: true,
    connectTimeout: answerMs,
    commandTimeout: answerMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let cause: Error | undefined;
  client.on('error', (error: Error) => {
    cause ??= error;
  });
  try {
    await client.connect();
    await client.ping();
    return [ok('redis', 'Redis answers')];
  } catch (error) {
    const { message } = cause ?? (error as Error);
    const reason = `Redis can't be used (${message}); limits would be counted by each process by itself`;
    return [fail('redis', reason, 'check that it runs, and host, port, user and password in REDIS_URL')];
  } finally {
    client.disconnect();
  }
}
