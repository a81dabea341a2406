import autocannon from 'autocannon';
import { expect } from 'chai';
import { testEnvironment } from '../../support/app.ts';
import { copyTemplate } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { newPerson, registration } from '../../support/people.ts';
import { startServer, type RunningServer } from '../../support/process.ts';
import { startProxy, type Proxy } from '../../support/proxy.ts';
import { listeningWorkers, rollWorkers } from '../../support/workers.ts';

const connections = 200;
// Enough to keep requests in flight, but few enough that new workers can start.
const requestsPerSecond = 200;

describe('restarts under load, behind a proxy', function () {
  this.timeout(300_000);
  let copy: { url: string; drop: () => Promise<void> };
  let leaving: RunningServer;
  let staying: RunningServer;
  let proxy: Proxy;

  before('start an instance with two workers, one without, and a proxy', async () => {
    copy = await copyTemplate();
    const variables = { ...testEnvironment(copy.url), LOG_LEVEL: 'info', KEEP_ALIVE_SECONDS: '10' };
    leaving = await startServer({ ...variables, WORKERS: '2', SHUTDOWN_DELAY_SECONDS: '3' });
    staying = await startServer(variables);
    proxy = await startProxy([leaving.origin, staying.origin]);
  });

  after(async () => {
    await proxy.stop();
    for (const instance of [leaving, staying]) if (instance.child.exitCode === null) await instance.stop('SIGKILL');
    await copy.drop();
  });

  it('fails no request and cuts no answer while every worker is replaced twice and an instance stops', async () => {
    const ada = newPerson();
    const headers = { 'Content-Type': 'application/json' };
    const post = (operation: string, body: object) =>
      fetch(`${proxy.origin}/api/v1/auth/${operation}`, { method: 'POST', headers, body: JSON.stringify(body) });
    await post('register', registration(ada));
    const tokens = (await (await post('login', { email: ada.email, password: ada.password })).json()) as {
      access_token: string;
    };
    const before = await listeningWorkers(leaving, 2);
    const load = startLoad(proxy.origin, tokens.access_token, ada.email);

    for (let times = 0; times < 2; times++) await rollWorkers(leaving);
    const after = await listeningWorkers(leaving, 2);
    const { status } = await leaving.stop('SIGTERM');
    const answered = proxy.answeredBy(staying.origin);
    await eventually('the other goes on', () => proxy.answeredBy(staying.origin) > answered + requestsPerSecond);
    const { errors, timeouts, mismatches, non2xx, requests } = await load.stop();

    expect(proxy.failures).to.deep.equal([]);
    expect([errors, timeouts, mismatches, non2xx]).to.deep.equal([0, 0, 0, 0]);
    expect(requests.total).to.be.greaterThan(requestsPerSecond);
    expect(after).to.not.include.oneOf(before);
    expect(status).to.equal(0);
  });
});

/** Sends requests on many connections until stopped; any answer but the complete user is a mismatch. */
function startLoad(origin: string, token: string, email: string): { stop(): Promise<autocannon.Result> } {
  let stop = () => {};
  const result = new Promise<autocannon.Result>((resolve, reject) => {
    const options = {
      url: `${origin}/api/v1/auth/me`,
      headers: { Authorization: `Bearer ${token}` },
      connections,
      overallRate: requestsPerSecond,
      duration: 300,
      timeout: 60,
      verifyBody: (body?: string | Buffer) => body?.includes(email) ?? false,
    };
    const instance = autocannon(options, (error: Error | null, outcome) => {
      if (error) reject(error);
      else resolve(outcome);
    });
    stop = () => (instance as unknown as { stop(): void }).stop();
  });
  return {
    stop() {
      stop();
      return result;
    },
  };
}
