import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';

const root = path.join(import.meta.dirname, '..', '..', '..');

describe('npm start', function () {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'latchkey-start-'));
  });

  afterEach(() => rm(directory, { recursive: true, force: true }));

  // Without its pre-script, which builds what this run has built: build.test.ts starts it.
  it('serves, and stops everything on a SIGTERM to npm alone', async () => {
    const env = { ...process.env, DATA_DIR: directory, PORT: '0', LOG_FORMAT: 'json', NODE_V8_COVERAGE: '' };
    const npm = spawn('npm', ['start', '--ignore-scripts'], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
    const output = npm.stdout.setEncoding('utf8');
    let said = '';
    let origin: string | undefined;
    for await (const chunk of output as AsyncIterable<string>) {
      said += chunk;
      origin = /docs {6}(http:\/\/[^/]+)\/docs/.exec(said)?.[1];
      if (origin) break;
    }
    expect((await fetch(`${origin ?? said}/api/v1/health`)).status).to.equal(200);
    const postmaster = parseInt(await readFile(path.join(directory, 'postgres', 'data', 'postmaster.pid'), 'utf8'), 10);

    npm.kill('SIGTERM');
    await once(npm, 'close');

    expect(await fetch(`${origin ?? ''}/api/v1/health`).catch(() => 'gone')).to.equal('gone');
    expect(() => process.kill(postmaster, 0)).to.throw();
  });
});
