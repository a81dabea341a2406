/** A proxy to an external Redis, so that a test can disconnect, reconnect and freeze it. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Redis } from 'ioredis';
import type { TestRedis } from './redis.ts';

/**
 * `stop` cuts all connections; `start` empties the Redis and accepts connections again. Each test process uses its own database
 * number.
 */
export function gateTo(redisUrl: string): TestRedis {
  const target = new URL(redisUrl);
  target.pathname = `/${process.env['MOCHA_WORKER_ID'] ?? '0'}`;
  const near = new Map<Socket, Socket>(); // each client's socket, and its socket to the Redis
  let server: Server | undefined;
  let port = 0;
  let isFrozen = false;

  const join = (client: Socket, onward: Socket) => client.pipe(onward).pipe(client);
  const part = (client: Socket, onward: Socket) => {
    client.unpipe(onward);
    onward.unpipe(client);
  };

  function accept(client: Socket): void {
    const onward = connect(Number(target.port || 6379), target.hostname);
    near.set(client, onward);
    for (const [socket, other] of [
      [client, onward],
      [onward, client],
    ] as const) {
      socket.on('error', () => {});
      socket.once('close', () => {
        other.destroy();
        near.delete(client);
      });
    }
    if (!isFrozen) join(client, onward);
  }

  return {
    get url() {
      const here = new URL(target);
      here.hostname = '127.0.0.1';
      here.port = String(port);
      return here.href;
    },
    async stop() {
      if (!server) return;
      const closed = once(server, 'close');
      server.close();
      server = undefined;
      for (const client of near.keys()) client.destroy();
      await closed;
    },
    async start() {
      const client = new Redis(target.href);
      await client.flushdb();
      client.disconnect();
      server = createServer(accept).listen(port, '127.0.0.1');
      await once(server, 'listening');
      port = (server.address() as AddressInfo).port;
    },
    freeze() {
      isFrozen = true;
      for (const pair of near) part(...pair);
    },
    thaw() {
      if (isFrozen) for (const pair of near) join(...pair);
      isFrozen = false;
    },
  };
}
