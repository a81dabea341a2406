import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { eventually } from '../../support/eventually.ts';
import { isAlive } from '../../support/workers.ts';

const root = path.join(import.meta.dirname, '..', '..', '..');

describe('npm run dev', function () {
  let directory: string;
  let npm: ChildProcess;
  let said = '';

  before('start it', async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'latchkey-dev-'));
    const env = { ...process.env, DATA_DIR: directory, PORT: '0', LOG_FORMAT: 'json', NODE_V8_COVERAGE: '' };
    npm = spawn('npm', ['run', 'dev'], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
    npm.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  });

  after(async () => {
    if (npm.exitCode === null) npm.kill('SIGKILL');
    await rm(directory, { recursive: true, force: true });
  });

  const times = (words: string) => said.split(words).length - 1;
  const listens = (starts: number) =>
    eventually(
      `start ${starts}`,
      () => times('docs      http://') === starts && times('contract  http://') === starts,
      60_000,
    );

  it('restarts the server and its database when a source changes', async () => {
    await listens(1);
    const now = new Date();

    await utimes(path.join(root, 'src', 'main.ts'), now, now);

    await listens(2);
    expect(times('"msg":"stopped"')).to.equal(1);
    expect(times('starting PostgreSQL')).to.equal(2);
    expect(said).to.not.include('taking over');
  });

  it('stops everything it started on SIGTERM', async () => {
    const postmaster = parseInt(await readFile(path.join(directory, 'postgres', 'data', 'postmaster.pid'), 'utf8'), 10);

    npm.kill('SIGTERM');
    await once(npm, 'close');

    expect(times('"msg":"stopped"')).to.equal(2);
    expect(isAlive(postmaster)).to.equal(false);
  });
});
