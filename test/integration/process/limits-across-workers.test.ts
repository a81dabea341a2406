/** Limits of a server with several workers and no Redis: the primary counts for all. */
import { Agent, request as send, type IncomingMessage } from 'node:http';
import { expect } from 'chai';
import { testEnvironment } from '../../support/app.ts';
import { copyTemplate } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { startServer, type RunningServer } from '../../support/process.ts';
import { listeningWorkers, rollWorkers, timesLogged } from '../../support/workers.ts';

const standard = 20;
const credentials = 6;

describe('limits across workers', function () {
  let copy: { url: string; drop: () => Promise<void> };
  let server: RunningServer;
  let last = 0;

  before('start a primary with three workers', async () => {
    copy = await copyTemplate();
    server = await startServer({
      ...testEnvironment(copy.url),
      LOG_LEVEL: 'info',
      WORKERS: '3',
      TRUST_PROXY: '1',
      RATE_LIMIT_STANDARD: `${standard}/600s`,
      RATE_LIMIT_CREDENTIALS: `${credentials}/600s`,
    });
  });
  after(async () => {
    await server.stop('SIGKILL');
    await copy.drop();
  });

  const newAddress = () => `203.0.113.${(last += 1)}`;
  const fresh = new Agent({ keepAlive: false });

  /** Sends a request as a client. Without an agent, each uses a new connection, so that every worker gets some. */
  function ask(address: string, method = 'GET', path = '/auth/me', body?: object, agent = fresh): Promise<number> {
    return new Promise((resolve, reject) => {
      const headers = { 'X-Forwarded-For': address, ...(body && { 'Content-Type': 'application/json' }) };
      const request = send(`${server.origin}/api/v1${path}`, { agent, method, headers }, (answer: IncomingMessage) => {
        answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
      });
      request.on('error', reject).end(body && JSON.stringify(body));
    });
  }
  const readMany = (count: number, address: string) => Promise.all(Array.from({ length: count }, () => ask(address)));
  const guess = (address: string, email: string) =>
    ask(address, 'POST', '/auth/login', { email, password: 'not the password' });
  const count = (statuses: readonly number[], status: number) => statuses.filter((each) => each === status).length;

  it('admit a client exactly as often as configured, across workers at the same time', async () => {
    const address = newAddress();

    const statuses = await readMany(3 * standard, address);

    expect([count(statuses, 401), count(statuses, 429)]).to.deep.equal([standard, 2 * standard]);
    expect(await ask(newAddress())).to.equal(401);
  });

  it('admit an IPv6 /48 16 times as often, from any number of its /64', async () => {
    const addresses = Array.from({ length: 20 }, (_, network) => `2001:db8:7:${network}::1`);

    const statuses = (await Promise.all(addresses.map((address) => readMany(standard, address)))).flat();

    expect(count(statuses, 401)).to.equal(16 * standard);
  });

  it('limit logins per client, and guesses at one account from one network', async () => {
    const address = newAddress();
    const logins = await Promise.all(
      Array.from({ length: 3 * credentials }, (_, index) => guess(address, `n${index}@example.com`)),
    );
    expect([count(logins, 401), count(logins, 429)]).to.deep.equal([credentials, 2 * credentials]);

    const network = () => `2001:db8:9:1:${(last += 1)}::1`;
    const tries = await Promise.all(Array.from({ length: credentials }, () => guess(network(), 'nobody@example.com')));
    expect([count(tries, 401), count(tries, 429)]).to.deep.equal([credentials - 1, 1]);
  });

  it('survive a killed worker and a replaced one', async () => {
    const address = newAddress();
    expect(count(await readMany(standard, address), 401)).to.equal(standard);

    const [victim] = await listeningWorkers(server, 3);
    process.kill(victim!, 'SIGKILL');
    await eventually('it is replaced', () => timesLogged(server, 'a worker is listening') === 4, 60_000);
    expect(count(await readMany(9, address), 429)).to.equal(9);

    await rollWorkers(server);
    expect(count(await readMany(9, address), 429)).to.equal(9);
  });

  it("don't delay requests while the primary stalls, and are shared again after it", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const askAlong = (address: string) => ask(address, 'GET', '/auth/me', undefined, agent);
    await askAlong(newAddress());
    server.child.kill('SIGSTOP');
    try {
      expect(await askAlong(newAddress())).to.equal(401);
      const started = performance.now();
      const alone = newAddress();
      for (let turn = 0; turn < standard; turn++) expect(await askAlong(alone)).to.equal(401);
      expect(await askAlong(alone)).to.equal(429);
      // Waiting for the primary each time would take 20 seconds.
      expect(performance.now() - started).to.be.below(10_000);
    } finally {
      server.child.kill('SIGCONT');
    }
    await eventually('the primary is back', async () => {
      await askAlong(newAddress());
      return timesLogged(server, 'the primary answers: all workers count limits together') > 0;
    });
    expect(
      timesLogged(server, 'the primary does not answer: each worker counts limits on its own until it does'),
    ).to.equal(1);

    const statuses = await readMany(2 * standard, newAddress());
    expect(count(statuses, 401)).to.equal(standard);
    agent.destroy();
  });
});
