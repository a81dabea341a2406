import { once } from 'node:events';
import { Agent, request as send, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { testEnvironment } from '../../support/app.ts';
import { copyTemplate } from '../../support/database.ts';
import { query } from '../../support/embedded-postgres.ts';
import { eventually } from '../../support/eventually.ts';
import { holdTable, type HeldTable } from '../../support/held-table.ts';
import { startServer, type RunningServer } from '../../support/process.ts';

interface Answer {
  readonly status: number | undefined;
  readonly connection: string | undefined;
  readonly body: string;
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;

describe('shutdown', function () {
  let copy: { url: string; drop: () => Promise<void> };
  let server: RunningServer;
  let users: HeldTable | undefined;
  let agent: Agent;

  before(async () => {
    copy = await copyTemplate();
  });

  beforeEach(() => {
    agent = new Agent({ keepAlive: true });
  });

  afterEach(async () => {
    agent.destroy();
    await users?.release();
    users = undefined;
    if (server.child.exitCode === null) await server.stop('SIGKILL');
  });

  after(() => copy.drop());

  async function serve(variables: Record<string, string> = {}): Promise<void> {
    server = await startServer({ ...testEnvironment(copy.url), LOG_LEVEL: 'info', ...variables });
  }

  async function get(path: string): Promise<Answer> {
    const request = send(`${server.origin}/api/v1${path}`, { agent });
    return read(request.end());
  }

  /** A login that waits for the locked table of users. */
  async function startLogin(): Promise<{ answer: Promise<Answer> }> {
    users = await holdTable(copy.url, 'users');
    const request = send(`${server.origin}/api/v1/auth/login`, {
      agent,
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
    });
    const answer = read(request);
    request.end('{"email":"nobody@example.com","password":"violet lantern 4711"}');
    await users.waiting(1);
    return { answer };
  }

  async function read(request: ReturnType<typeof send>): Promise<Answer> {
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const { statusCode: status, headers } = response;
    return { status, connection: headers.connection, body: await text(response) };
  }

  const said = (message: string) =>
    eventually(`it logs "${message}"`, () => server.log().find(({ msg }) => msg === message));

  async function openConnection(): Promise<Socket> {
    const { hostname, port } = new URL(server.origin);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return socket;
  }

  it('answers the request in flight, closes its connection and exits with 0', async () => {
    await serve();
    const login = await startLogin();

    const finished = server.stop('SIGTERM');
    await said('stopping');
    await users?.release();

    expect(await login.answer).to.include({ status: 401, connection: 'close' });
    expect((await finished).status).to.equal(0);
    expect(server.log().at(-1)).to.include({ msg: 'stopped' });
  });

  it('cuts what is in flight after the grace period, and says so', async () => {
    await serve({ SHUTDOWN_GRACE_SECONDS: '1' });
    const login = await startLogin();
    const cut = login.answer.catch(codeOf);

    const finished = server.stop('SIGTERM');

    expect(await cut).to.equal('ECONNRESET');
    await users?.release();
    expect((await finished).status).to.equal(0);
    await said('the grace period is over; closing open connections');
  });

  it('keeps serving for SHUTDOWN_DELAY_SECONDS, not ready, closing each connection after use', async () => {
    await serve({ SHUTDOWN_DELAY_SECONDS: '4' });
    expect(await get('/health')).to.include({ status: 200, connection: 'keep-alive' });

    const finished = server.stop('SIGTERM');
    await said('stopping');

    // The first uses the kept-alive connection; the others need new ones.
    expect(await get('/health')).to.include({ status: 200, connection: 'close' });
    const readiness = await get('/health/ready');
    expect(readiness).to.include({ status: 503, connection: 'close' });
    expect(readiness.body).to.include('the server is stopping');
    expect((await finished).status).to.equal(0);
    expect(await get('/health').catch(codeOf)).to.equal('ECONNREFUSED');
  });

  it('says at once that it is not ready, though a job runs just then', async () => {
    await query(copy.url, 'delete from jobs');
    const sessions = await holdTable(copy.url, 'sessions');
    await serve({ SHUTDOWN_DELAY_SECONDS: '4' });
    await sessions.waiting(1);

    const finished = server.stop('SIGTERM');
    await said('stopping');

    expect((await get('/health/ready')).body).to.include('the server is stopping');
    await sessions.release();
    expect((await finished).status).to.equal(0);
  });

  it("doesn't wait for idle connections, and happens on SIGHUP too with a single process", async () => {
    await serve();
    const silent = await openConnection();
    await get('/health');

    const finished = server.stop('SIGHUP');

    await once(silent.resume(), 'close');
    expect((await finished).status).to.equal(0);
  });

  it('is immediate on a second signal, unless it repeats the first', async () => {
    await serve();
    const login = await startLogin();
    const cut = login.answer.catch(codeOf);

    const finished = server.stop('SIGINT');
    server.child.kill('SIGINT');
    await said('stopping');
    expect(await get('/health').catch(() => 'refused')).to.equal('refused');
    expect(server.child.exitCode).to.equal(null);
    await eventually('it ends', () => {
      server.child.kill('SIGINT');
      return server.child.exitCode !== null;
    });

    expect((await finished).status).to.equal(1);
    expect(await cut).to.equal('ECONNRESET');
  });

  it('refuses connections beyond MAX_CONNECTIONS, logged once', async () => {
    await serve({ MAX_CONNECTIONS: '2', MAX_CONNECTIONS_PER_CLIENT: '2' });
    const held = [await openConnection(), await openConnection()];

    const refused = await Promise.all([1, 2, 3].map(openConnection));
    await Promise.all(refused.map((socket) => once(socket.resume(), 'close')));

    expect(await said('connections were refused; MAX_CONNECTIONS is reached')).to.include({ refused: 3, maximum: 2 });
    held.forEach((socket) => socket.destroy());
    await eventually('there is room again', () =>
      get('/health').then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
    await server.stop();
  });
});
