/** What `npm start` does before it serves, with and without development dependencies. */
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';

const root = path.join(import.meta.dirname, '..', '..', '..');

describe('npm start', () => {
  let project: string;
  beforeEach(async () => {
    project = await mkdtemp(path.join(tmpdir(), 'latchkey-build-'));
    for (const file of ['build.js', 'exec.cmd']) await cp(path.join(root, file), path.join(project, file));
    const scripts = { prestart: 'exec node build.js', start: 'exec node dist/server/main.js', build: 'echo building' };
    await writeFile(path.join(project, 'package.json'), JSON.stringify({ type: 'module', scripts }));
    await give('dist/server/main.js', 'console.log("serving")');
    await give('dist/docs.html', '');
    await give('dist/openapi.yaml', '');
    await give('dist/web/pages.json', '[]');
    await give('node_modules/express/package.json', '{}');
  });
  afterEach(() => rm(project, { recursive: true }));

  async function give(name: string, content: string): Promise<void> {
    const file = path.join(project, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  const start = () => spawnSync('npm', ['start', '--silent'], { cwd: project, encoding: 'utf8' });

  it('builds with development dependencies, and leaves standard output to the command', async () => {
    await give('node_modules/typescript/package.json', '{}');

    expect(start()).to.include({ stdout: 'serving\n', stderr: 'building\n' });
  });

  it('serves an earlier build without them, and says so', () => {
    const { status, stdout, stderr } = start();

    expect(stdout).to.equal('serving\n');
    expect(stderr).to.equal('latchkey: development dependencies are not installed; using the existing dist/\n');
    expect(status).to.equal(0);
  });

  it('says what to run when nothing is built', async () => {
    await rm(path.join(project, 'dist'), { recursive: true });

    const { status, stdout, stderr } = start();

    expect(status).to.equal(1);
    expect(stdout).to.equal('');
    expect(stderr).to.equal(
      'latchkey: there is no dist/, and the development dependencies that build it are not installed (NODE_ENV=production or --omit=dev); ' +
        'run: npm ci --include=dev && npm run build\n',
    );
  });

  it('says what to run when nothing is installed', async () => {
    await rm(path.join(project, 'node_modules'), { recursive: true });

    expect(start()).to.include({ status: 1, stderr: 'latchkey: dependencies are not installed; run: npm ci\n' });
  });
});
