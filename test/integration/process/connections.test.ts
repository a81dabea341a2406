/** How many connections one client can have, and for how long. */
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { testEnvironment, useApp } from '../../support/app.ts';
import { copyTemplate } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { startServer, type RunningServer } from '../../support/process.ts';

describe('connections', function () {
  let copy: { url: string; drop: () => Promise<void> };
  let server: RunningServer;
  let held: Socket[];

  before(async () => {
    copy = await copyTemplate();
  });
  beforeEach(() => {
    held = [];
  });
  afterEach(async () => {
    for (const socket of held) socket.destroy();
    await server.stop('SIGKILL');
  });
  after(() => copy.drop());

  async function serve(variables: Record<string, string>): Promise<void> {
    server = await startServer({ ...testEnvironment(copy.url), LOG_LEVEL: 'info', ...variables });
  }

  /** Connects from an address of this machine and sends nothing. */
  async function hold(localAddress: string): Promise<Socket> {
    const socket = connect({ port: Number(new URL(server.origin).port), host: '127.0.0.1', localAddress });
    socket.on('error', () => {}).resume();
    held.push(socket);
    await once(socket, 'connect');
    return socket;
  }
  const holdMany = (count: number, address: string) => Promise.all(Array.from({ length: count }, () => hold(address)));
  const open = () => held.filter(({ closed }) => !closed).length;
  const statusFor = (localAddress: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const answered = ({ statusCode }: IncomingMessage) => resolve(statusCode);
      get(`${server.origin}/api/v1/health`, { localAddress, agent: false }, answered).on('error', reject);
    });
  const said = (message: string) => server.log().find(({ msg }) => msg === message);

  it('of one client are limited to a tenth, logged once', async () => {
    await serve({ MAX_CONNECTIONS: '30' });

    await holdMany(40, '127.0.0.1');
    await eventually('excess connections are closed', () => open() === 3);

    expect(await statusFor('127.0.0.2')).to.equal(200);
    await eventually('it is said', () =>
      said('connections of one client were refused; MAX_CONNECTIONS_PER_CLIENT is reached'),
    );
    held.forEach((socket) => socket.destroy());
    await eventually('there is room again', () =>
      statusFor('127.0.0.1').then(
        (status) => status === 200,
        () => false,
      ),
    );
  });

  for (const proxies of ['1', '127.0.0.0/8']) {
    it(`of a proxy of TRUST_PROXY=${proxies} aren't limited to a tenth`, async () => {
      await serve({ MAX_CONNECTIONS: '30', TRUST_PROXY: proxies });

      await holdMany(35, '127.0.0.1');

      await eventually('excess connections are closed', () => open() === 30);
    });
  }

  it('from outside the networks of TRUST_PROXY are limited', async () => {
    await serve({ MAX_CONNECTIONS: '30', TRUST_PROXY: '127.0.0.2' });

    await holdMany(10, '127.0.0.1');
    await eventually('excess connections are closed', () => open() === 3);
    await holdMany(10, '127.0.0.2');

    await eventually('the proxy has its own', () => open() === 13);
  });

  it('without a request are answered 408 and closed', async () => {
    await serve({ REQUEST_TIMEOUT_SECONDS: '1' });
    const silent = await hold('127.0.0.1');
    const slow = await hold('127.0.0.1');
    slow.write('GET /api/v1/health HTTP/1.1\r\nHost: latchkey.test\r\nX-Slow: ');
    const received: string[] = [];
    slow.on('data', (chunk: Buffer) => received.push(chunk.toString()));

    await eventually('both are closed', () => silent.closed && slow.closed);

    expect(received.join('')).to.match(/^HTTP\/1.1 408 /);
  });
});

describe('a stalled connection', () => {
  const app = useApp();

  it('has 15 seconds for request headers, checked each second, and two minutes for the rest', () => {
    const { headersTimeout, timeout } = app.server;

    expect([headersTimeout, timeout]).to.deep.equal([15_000, 120_000]);
  });

  it("is closed when its client doesn't read the answer", async () => {
    app.server.timeout = 200;
    const inside = once(app.server, 'connection') as Promise<[Socket]>;
    const socket = connect(Number(new URL(app.origin).port), '127.0.0.1').pause();
    // More than the socket buffers can hold.
    socket.write('GET /docs HTTP/1.1\r\nHost: latchkey.test\r\n\r\n'.repeat(10));
    const [accepted] = await inside;

    await eventually('it is cut', () => accepted.destroyed);

    socket.destroy();
    app.server.timeout = 120_000;
  });
});
