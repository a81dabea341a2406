/** A real Redis for a test, if available: TEST_REDIS_URL, or `redis-server` without persistence. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { freePort } from './ports.ts';
import { gateTo } from './redis-gate.ts';

export interface TestRedis {
  readonly url: string;
  /** Crashes it. */
  stop(): Promise<void>;
  /** Starts it empty, at the same address. */
  start(): Promise<void>;
  /** Suspends it, leaving its connections open. */
  freeze(): void;
  thaw(): void;
}

const given = process.env['TEST_REDIS_URL'];
const hasProgram = spawnSync('redis-server', ['--version']).status === 0;

/** Starts a Redis for the suite, or skips it with a message. */
export function useRedis(): TestRedis {
  const redis = given ? gateTo(given) : ownRedis();
  before('start a Redis', async function () {
    if (!given && !hasProgram) {
      process.stdout.write('  no TEST_REDIS_URL, and no redis-server on the PATH: skipped what needs a Redis\n');
      this.skip();
    }
    await redis.start();
  });
  after('stop the Redis', () => redis.stop());
  return redis;
}

function ownRedis(): TestRedis {
  let child: ChildProcess | undefined;
  let port = 0;
  const redis: TestRedis = {
    get url() {
      return `redis://127.0.0.1:${port}`;
    },
    async start() {
      port ||= await freePort();
      child = spawn(
        'redis-server',
        ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
        {
          stdio: 'ignore',
        },
      );
      await answer(redis.url);
    },
    async stop() {
      if (child?.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
  };
  return redis;
}

async function answer(url: string): Promise<void> {
  const client = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
  client.on('error', () => {});
  await client.ping();
  client.disconnect();
}
