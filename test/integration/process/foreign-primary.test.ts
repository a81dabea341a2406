/** `serve` as pm2 starts it in cluster mode: as workers of another program's primary. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { testEnvironment } from '../../support/app.ts';
import { createEmptyDatabase, type EmptyDatabase } from '../../support/empty-database.ts';
import { eventually } from '../../support/eventually.ts';
import { freePort } from '../../support/ports.ts';

const primary = path.join(import.meta.dirname, '..', '..', 'support', 'foreign-primary.ts');

describe('serve under another cluster primary', function () {
  let database: EmptyDatabase;
  let directory: string;
  let child: ChildProcess | undefined;

  beforeEach(async () => {
    database = await createEmptyDatabase();
    directory = await mkdtemp(path.join(tmpdir(), 'latchkey-foreign-'));
  });
  afterEach(async () => {
    if (child?.exitCode === null && child.kill('SIGKILL')) await once(child, 'exit');
    await database.drop();
    await rm(directory, { recursive: true, force: true });
  });

  /** Starts the primary and reads the log of its processes. */
  function start(variables: Record<string, string>) {
    const args = ['--import', import.meta.resolve('tsx'), primary];
    child = spawn(process.execPath, args, { env: { PATH: process.env['PATH'], ...variables } });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const ended = once(child, 'exit').then(([status]) => status as number);
    return { output: () => output, ended, stop: () => child?.kill('SIGTERM') };
  }

  const production = {
    ...{ NODE_ENV: 'production', SMTP_URL: 'off', SHUTDOWN_DELAY_SECONDS: '0', BCRYPT_COST: '10' },
    ...{ RATE_LIMIT_STANDARD: '999/1s', RATE_LIMIT_CREDENTIALS: '999/1s' },
  };
  for (const [what, variables] of [
    ['its WORKERS, on an embedded PostgreSQL that they share', () => ({ DATABASE_URL: '', WORKERS: '4' })],
    ['the default of production, one per core', () => ({ DATABASE_URL: database.url, ...production })],
  ] as const) {
    it(`migrates and serves from each started process, not from ${what}`, async () => {
      const port = await freePort();
      const usual = { ...testEnvironment(''), DATA_DIR: directory, PORT: String(port), LOG_LEVEL: 'info' };
      const server = start({ ...usual, ...variables() });
      await eventually('both serve', () => server.output().split('contract  http').length === 3, 40_000);

      const user = { email: 'ada@example.com', password: 'violet lantern 4711', full_name: 'Ada Lovelace' };
      const registered = await fetch(`http://127.0.0.1:${port}/api/v1/auth/register`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(user),
      });

      expect(registered.status).to.equal(201);
      expect(server.output().match(/another program starts several processes/g)).to.have.length(2);
      server.stop();
      expect(await server.ended).to.equal(0);
      expect(server.output().match(/"msg":"stopped"/g)).to.have.length(2);
    });
  }

  it("exits with an error and one line when it can't start", async () => {
    const server = start({ ...testEnvironment(database.url), PORT: 'eighty' });

    expect(await server.ended).to.equal(1);
    expect(server.output()).to.match(/PORT is \\?"eighty/);
  });
});
