/** A flood of logins leaves room for everything else. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import autocannon, { type Result } from 'autocannon';
import { useApp } from '../../support/app.ts';
import { startServer, type RunningServer } from '../../support/process.ts';

const clients = 50;
const seconds = 4;

describe('a flood of logins', function () {
  this.timeout(60_000);
  const app = useApp();
  let server: RunningServer;

  before('start a server with the default hashing cost', async () => {
    server = await startServer({
      DATABASE_URL: app.databaseUrl,
      JWT_SECRETS: 'a signing secret for tests only 0123456789',
      BCRYPT_COST: '12',
      RATE_LIMIT_STANDARD: 'off',
      RATE_LIMIT_CREDENTIALS: 'off',
      RATE_LIMIT_ACCOUNT: 'off',
      LOG_LEVEL: 'info',
    });
  });
  after('stop it', () => server.stop());

  it("doesn't delay signed-in users or probes", async () => {
    const person = await app.signIn();
    const json = { 'Content-Type': 'application/json' };
    const body = JSON.stringify({ email: person.email, password: 'a wrong password' });
    const flood = autocannon({
      url: `${server.origin}/api/v1/auth/login`,
      method: 'POST',
      headers: json,
      body,
      connections: clients,
      duration: seconds,
      timeout: 30,
    });

    const readers = await Promise.all([
      read('/health'),
      read('/auth/me', { Authorization: `Bearer ${person.accessToken}` }),
    ]);

    for (const reader of readers) {
      expect(reader['2xx']).to.be.above(20);
      expect(reader.non2xx + reader.errors).to.equal(0);
      // A reader that queued behind 50 logins would wait for six seconds. The benchmark holds it against 100 ms.
      expect(reader.latency.p99).to.be.below(3000);
    }
    const { non2xx, statusCodeStats = {} } = await flood;
    expect(non2xx).to.be.above(0);
    expect(Object.keys(statusCodeStats)).to.have.members(statusCodeStats['503'] ? ['401', '503'] : ['401']);
  });

  // A reader of its own process, at a pace that people have: it measures the server and not itself.
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
