import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { openDatabase } from '../../../src/platform/database/database.ts';
import { startReceiver, type Receiver } from '../../support/collector.ts';
import { copyTemplate } from '../../support/database.ts';
import { newPerson, registration } from '../../support/people.ts';
import { startServer, type RunningServer } from '../../support/process.ts';
import { eventually } from '../../support/eventually.ts';

interface FaultEvent {
  readonly level: string;
  readonly release: string;
  readonly exception: { values: { type: string; value: string; stacktrace: { frames: { filename: string }[] } }[] };
  readonly tags: Record<string, string | undefined>;
}

describe('faults', function () {
  let copy: { url: string; drop: () => Promise<void> };
  let directory: string;
  let sentry: Receiver;

  beforeEach(async () => {
    copy = await copyTemplate();
    directory = await mkdtemp(path.join(tmpdir(), 'latchkey-faults-'));
    sentry = await startReceiver();
  });
  afterEach(async () => {
    await sentry.close();
    await copy.drop();
    await rm(directory, { recursive: true });
  });

  const dsn = () => sentry.origin.replace('//', '//akey@') + '/42';
  const start = (variables: Record<string, string> = {}) =>
    startServer({ DATABASE_URL: copy.url, DATA_DIR: directory, SENTRY_DSN: dsn(), ...variables });
  const events = () =>
    sentry.received.map(({ body }) => JSON.parse(body.toString().split('\n')[2] ?? '') as FaultEvent);

  /** An unexpected fault: a missing table. */
  async function breakDatabase(): Promise<void> {
    const database = openDatabase(copy.url, { poolMax: 1, connectTimeoutMs: 5000, statementTimeoutMs: 5000 });
    await database.pool.raw('ALTER TABLE users RENAME COLUMN full_name TO gone');
    await database.close();
  }

  const person = newPerson({ fullName: 'A Secret Name' });
  const register = (server: RunningServer) =>
    fetch(`${server.origin}/api/v1/auth/register?`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Authorization: 'Bearer a-secret-token',
        Cookie: 'a=secret-cookie',
      },
      body: JSON.stringify(registration(person)),
    });

  it('that become a 500 are reported with stack and cause, but nothing of the request', async () => {
    const server = await start();
    await breakDatabase();

    const answer = await register(server);
    await server.stop();

    expect(answer.status).to.equal(500);
    expect(sentry.received).to.have.length(1);
    expect(sentry.received[0]?.path).to.match(/^\/api\/42\/envelope\/\?.*sentry_key=akey/);
    const [event] = events();
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect(event).to.deep.include({
      level: 'error',
      release: `latchkey@${version}`,
      tags: { request_id: answer.headers.get('X-Request-Id'), operation_id: 'registerUser' },
    });
    const fault = event?.exception.values.at(-1);
    expect(fault?.value)
      .to.include('insert into "users"')
      .and.include('"full_name" of relation "users" does not exist');
    expect(fault?.stacktrace.frames.map(({ filename }) => filename).join()).to.include('users.repository');
    const sent = sentry.received[0]!.body.toString();
    for (const secret of [person.email, person.password, person.fullName, 'a-secret-token', 'secret-cookie', '$2b$']) {
      expect(sent).not.to.include(secret);
    }
  });

  it('are logged without query values', async () => {
    const server = await start();
    await breakDatabase();

    await register(server);
    const { stdout } = await server.stop();

    expect(stdout).to.include('internal_error').and.include('does not exist');
    for (const secret of [person.email, person.password, person.fullName, '$2b$']) {
      expect(stdout).not.to.include(secret);
    }
  });

  it("don't include client errors", async () => {
    const server = await start();

    await fetch(`${server.origin}/api/v1/auth/login`, { method: 'POST', body: '{' });
    await fetch(`${server.origin}/api/v1/users`);
    await server.stop();

    expect(sentry.received).to.deep.equal([]);
  });

  it('are reported to the DSN from a file', async () => {
    const file = path.join(directory, 'dsn');
    await writeFile(file, `${dsn()}\n`);
    const server = await start({ SENTRY_DSN: '', SENTRY_DSN_FILE: file });
    await breakDatabase();

    await register(server);
    await server.stop();

    expect(events()).to.have.length(1);
  });

  it('that are uncaught are reported before the process exits with 1', async () => {
    const broken = path.join(directory, 'broken.mjs');
    await writeFile(broken, `process.on('SIGUSR2', () => { throw new Error('about ada@example.com'); });`);
    const server = await start({ NODE_OPTIONS: `--import ${broken}` });

    const { status, stdout } = await server.stop('SIGUSR2');

    expect(status).to.equal(1);
    expect(stdout).to.include('uncaught error');
    const [event] = events();
    expect(event).to.include({ level: 'fatal' });
    expect(event?.exception.values[0]?.value).to.equal('about [e-mail address]');
  });

  it("that can't be reported are logged once and disturb no request", async () => {
    const server = await start({ SENTRY_DSN: 'http://akey@127.0.0.1:1/42' });
    await breakDatabase();
    const unreported = () => server.log().filter(({ msg }) => msg === 'a fault could not be reported');

    for (let time = 0; time < 3; time += 1) expect((await register(server)).status).to.equal(500);
    await eventually('it is logged', () => unreported().length > 0);
    const { status } = await server.stop();

    expect(status).to.equal(0);
    expect(unreported()).to.have.length(1);
  });
});
