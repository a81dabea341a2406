/** A flood of logins doesn't slow down other requests. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import type { Result } from 'autocannon';
import { useApp } from '../../support/app.ts';
import { newPerson } from '../../support/people.ts';
import { startServer, type RunningServer } from '../../support/process.ts';

const clients = 50;
const seconds = 4;

describe('a flood of logins', function () {
  this.timeout(180_000);
  const app = useApp();
  let server: RunningServer;

  before('start a server with the default hashing cost', async () => {
    server = await startServer({
      DATABASE_URL: app.databaseUrl,
      JWT_SECRETS: 'a signing secret for tests only 0123456789',
      BCRYPT_COST: '12',
      RATE_LIMIT_STANDARD: 'off',
      RATE_LIMIT_CREDENTIALS: 'off',
      LOG_LEVEL: 'info',
    });
  });
  after('stop it', () => server.stop());

  it("doesn't delay signed-in users or probes", async () => {
    const person = await app.signIn();
    const readers = Promise.all([read('/health'), read('/auth/me', { Authorization: `Bearer ${person.accessToken}` })]);

    const logins = await flood(readers);

    expect([401, 503]).to.include.members(logins.map((login) => login.status));
    const slowestLogin = Math.max(...logins.map((login) => login.milliseconds));
    for (const reader of await readers) {
      expect(reader['2xx']).to.be.above(20);
      expect(reader.non2xx + reader.errors).to.equal(0);
      // A reader stuck behind the logins would wait as long as they do. The benchmark's limit is 100 ms.
      expect(reader.latency.p99).to.be.below(slowestLogin / 2);
    }
  });

  // Each client sends one login after another until `end`, each at another account, and waits for its last answer.
  async function flood(end: Promise<unknown>) {
    let isOver = false;
    void end.finally(() => (isOver = true));
    const logins: { status: number; milliseconds: number }[] = [];
    const sendLogins = async () => {
      do {
        const started = performance.now();
        const response = await fetch(`${server.origin}/api/v1/auth/login`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ email: newPerson().email, password: 'a wrong password' }),
        });
        await response.arrayBuffer();
        logins.push({ status: response.status, milliseconds: performance.now() - started });
      } while (!isOver);
    };
    await Promise.all(Array.from({ length: clients }, sendLogins));
    return logins;
  }

  // Reads in a separate process at a human pace, so that it measures the server and not itself.
  async function read(path: string, headers: Record<string, string> = {}): Promise<Result> {
    const options = {
      url: `${server.origin}/api/v1${path}`,
      headers,
      connections: 2,
      overallRate: 40,
      duration: seconds,
    };
    const script = `
      import autocannon from 'autocannon';
      console.log(JSON.stringify(await autocannon(${JSON.stringify(options)})));`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await once(child, 'close');
    return JSON.parse(output) as Result;
  }
});
