/** Limits shared by processes through a Redis, which may fail. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { startApp, useApp, type TestApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { useRedis } from '../../support/redis.ts';

type Started = Awaited<ReturnType<typeof startApp>>;

const requests = 20;

describe('limits with a Redis', function () {
  const redis = useRedis();
  const sound = useApp();
  const lines: string[] = [];
  let one: Started;
  let other: Started;

  beforeEach('start two servers on one database and one Redis', async () => {
    await redis.stop();
    await redis.start();
    lines.length = 0;
    one = await start();
    other = await start();
    await areShared();
  });
  afterEach('stop them', async () => {
    redis.thaw();
    await one.stop();
    await other.stop();
  });

  function start(env: Record<string, string> = {}): Promise<Started> {
    return startApp(sound.databaseUrl, {
      env: {
        REDIS_URL: redis.url,
        RATE_LIMIT_STANDARD: `${requests}/60s`,
        TRUST_PROXY: '1',
        ...env,
      },
      log: pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }),
    });
  }

  const read = (app: TestApp, address: string) =>
    app.send('get', '/auth/me', { headers: { 'X-Forwarded-For': address } });
  const readThroughBoth = async (address: string) => {
    const statuses: number[] = [];
    while (statuses.length < 2 * requests) {
      const answers = await Promise.all([one, other, one, other].map((app) => read(app, address)));
      statuses.push(...answers.map(({ status }) => status));
    }
    return statuses;
  };
  const areShared = () =>
    eventually('limits are shared', async () => !(await isDegraded(one)) && !(await isDegraded(other)));
  const said = (text: string) => lines.filter((line) => line.includes(text)).length;

  it('admit a client exactly as often as configured, across processes', async () => {
    const statuses = await readThroughBoth('192.0.2.1');

    expect(statuses.filter((status) => status === 401)).to.have.length(requests);
    expect(statuses.filter((status) => status === 429)).to.have.length(requests);
    expect((await read(one, '192.0.2.2')).status).to.equal(401);
  });

  it('fall back to each process while Redis is down, logged once, and recover', async () => {
    await read(one, '192.0.2.3');
    // On a busy machine it may already have been missed earlier.
    await areShared();
    lines.length = 0;
    await redis.stop();
    await eventually('Redis is missed', async () => (await isDegraded(one)) && (await isDegraded(other)));

    const alone = await Promise.all(Array.from({ length: requests + 5 }, () => read(one, '192.0.2.3')));

    expect(alone.filter(({ status }) => status === 429)).to.have.length(5);
    expect(said('Redis is unavailable')).to.equal(2); // one of each server
    await redis.start();
    await areShared();
    const together = await readThroughBoth('192.0.2.4');
    expect(together.filter((status) => status === 401)).to.have.length(requests);
  });

  it('stay shared when the process stalls but Redis answers', async () => {
    lines.length = 0;
    const reading = read(one, '192.0.2.8');

    for (let turn = 0; turn < 6; turn++) {
      await nextTurn();
      stall(300);
    }
    await reading;

    expect(said('Redis is unavailable')).to.equal(0);
    expect(await isDegraded(one)).to.equal(false);
  });

  it("don't delay requests when Redis doesn't answer", async () => {
    await read(one, '192.0.2.5');
    redis.freeze();
    const started = performance.now();

    await read(one, '192.0.2.5');
    await eventually('Redis is missed', () => isDegraded(one));
    for (let count = 0; count < 5; count++) await read(one, '192.0.2.5');

    expect(performance.now() - started).to.be.below(10_000);
    redis.thaw();
    await eventually('limits are shared', async () => !(await isDegraded(one)));
  });

  it('fall back to each process when Redis refuses writes, logged once', async () => {
    const admin = new Redis(redis.url);
    /** The last command of each of the servers' connections, by connection id. */
    const connections = async () => {
      const list = String(await admin.call('client', 'list', 'type', 'normal'));
      const found = [...list.matchAll(/^id=(\d+) .* name=latchkey .* cmd=(\S+)/gm)];
      return found.map(([, id, command = '']) => ({ id: Number(id), command }));
    };
    const newest = Math.max(...(await connections()).map(({ id }) => id));
    lines.length = 0;
    await admin.call('replicaof', '127.0.0.1', '1');
    try {
      await eventually('Redis is missed', async () => {
        await read(one, '192.0.2.7');
        return isDegraded(one);
      });
      await eventually('it was looked at again', async () =>
        (await connections()).some(({ id, command }) => id > newest && !/client|info|auth/i.test(command)),
      );
      for (let count = 0; count < 5; count++) await read(one, '192.0.2.7');

      expect(await isDegraded(one)).to.equal(true);
      expect([said('Redis is unavailable'), said('Redis answers')]).to.deep.equal([1, 0]);
    } finally {
      await admin.call('replicaof', 'no', 'one');
      admin.disconnect();
    }
    await areShared();
  });

  it('let a server start without Redis, and log it', async () => {
    const server = await start({ REDIS_URL: 'redis://127.0.0.1:1' });
    try {
      expect((await read(server, '192.0.2.6')).status).to.equal(401);
      await eventually('Redis is missed', () => said('Redis is unavailable') > 0);
      expect(await isDegraded(server)).to.equal(true);
    } finally {
      await server.stop();
    }
  });
});

/** Blocks this process, and so the servers in it. */
function stall(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

async function isDegraded({ context }: TestApp): Promise<boolean> {
  const snapshot = await context.metrics.snapshot();
  const found = snapshot.find(({ name }) => name === 'latchkey_rate_limits_degraded');
  return found?.values[0]?.value === 1;
}
