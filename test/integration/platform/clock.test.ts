import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { testEnvironment } from '../../support/app.ts';
import { useDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { newPerson, registration } from '../../support/people.ts';
import { startServer, type RunningServer } from '../../support/process.ts';

const hourMs = 3_600_000;
const windowSeconds = 60;

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

describe('a clock that jumps back by an hour', function () {
  const database = useDatabase();
  let directory: string;
  let server: RunningServer;

  before('start a server whose clock jumps at a signal', async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'latchkey-clock-'));
    const jump = path.join(directory, 'jump.mjs');
    await writeFile(
      jump,
      `const now = Date.now;
      process.on('SIGUSR2', () => { Date.now = () => now() - ${hourMs}; });`,
    );
    server = await startServer({
      ...testEnvironment(database.url),
      LOG_LEVEL: 'debug', // a line for each probe
      RATE_LIMIT_CREDENTIALS: `6/${windowSeconds}`,
      REFRESH_GRACE_SECONDS: '0',
      NODE_OPTIONS: `--import ${jump}`,
    });
  });
  after(async () => {
    await server.stop();
    await rm(directory, { recursive: true });
  });

  const call = (operation: string, token?: string, body?: object) =>
    fetch(`${server.origin}/api/v1/auth/${operation}`, {
      method: body ? 'POST' : 'GET',
      headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
      ...(body && { body: JSON.stringify(body) }),
    });
  const lastLogAt = () => Number(server.log().at(-1)?.['time']);

  it('keeps everybody signed in, lets anybody sign in, and extends no limit', async () => {
    const ada = newPerson();
    await call('register', undefined, registration(ada));
    const login = () => call('login', undefined, { email: ada.email, password: ada.password });
    const before = (await (await login()).json()) as Tokens;

    server.child.kill('SIGUSR2');
    await eventually('the clock jumped', async () => {
      await fetch(`${server.origin}/api/v1/health`);
      return lastLogAt() < Date.now() - hourMs / 2;
    });

    expect((await call('me', before.access_token)).status).to.equal(200);
    const refreshed = await call('refresh', undefined, { refresh_token: before.refresh_token });
    expect(refreshed.status).to.equal(200);
    const renewed = (await refreshed.json()) as Tokens;
    expect((await call('me', renewed.access_token)).status).to.equal(200);
    expect((await call('refresh', undefined, { refresh_token: renewed.refresh_token })).status).to.equal(200);
    const after = await login();
    expect(after.status).to.equal(200);
    expect((await call('me', ((await after.json()) as Tokens).access_token)).status).to.equal(200);
    expect((await call('refresh', undefined, { refresh_token: before.refresh_token })).status).to.equal(401);
    const limited = await eventually('a limit is reached', async () => {
      const answer = await login();
      return answer.status === 429 && answer;
    });
    expect(Number(limited.headers.get('Retry-After'))).to.be.within(1, windowSeconds);
  });
});
