/** What CI publishes: the client's package and the docs site. */
import { execFile } from 'node:child_process';
import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { findProject } from '../../src/platform/project.ts';

const { root } = findProject();
const run = promisify(execFile);
const repository = 'git+https://git.example/team/latchkey.git';

describe('publishing', function () {
  let version: string;

  before('read the version of the contract', async () => {
    const contract = JSON.parse(await readFile(path.join(root, 'generated', 'openapi.json'), 'utf8'));
    version = contract.info.version;
  });

  function script(name: string, env: Record<string, string> = {}) {
    return run('npm', ['run', '--silent', name], { cwd: root, env: { ...process.env, ...env } });
  }

  it("packs the client with the contract's version and its repository", async () => {
    const { stdout } = await script('client:pack', { RELEASE_TAG: `v${version}`, REPOSITORY_URL: repository });

    const file = path.join(root, 'dist', 'package', `latchkey-client-${version}.tgz`);
    expect(stdout).to.contain(path.relative(root, file));
    const packed = await run('tar', ['-xzOf', file, 'package/package.json']);
    const manifest = JSON.parse(packed.stdout);
    expect(manifest).to.deep.include({
      name: '@latchkey/client',
      version,
      repository: { type: 'git', url: repository },
    });
    const { stdout: listed } = await run('tar', ['-tzf', file]);
    expect(listed.split('\n')).to.include.members([
      'package/lib/index.js',
      'package/lib/index.d.ts',
      'package/LICENSE',
    ]);
  });

  it("refuses a tag that isn't the contract's version, and says what to do", async () => {
    const refused = await script('client:pack', { RELEASE_TAG: 'v99.0.0' }).then(
      () => undefined,
      (error: unknown) => error as { code: number; stderr: string },
    );

    expect(refused?.code).to.equal(1);
    expect(refused?.stderr).to.contain(`tag v${version}, or run npm run contract:release`);
  });

  it('makes a docs site whose links work under any path', async () => {
    await script('docs:site');

    const site = path.join(root, 'dist', 'site');
    const page = await readFile(path.join(site, 'index.html'), 'utf8');
    const links = [...page.matchAll(/href="([\w./-]+\.(?:json|yaml))"/g)].map(([, link]) => link!);
    expect(links).to.include.members(['openapi.json', 'openapi.yaml', 'workflows/first-sign-in.yaml']);
    for (const link of links) await access(path.resolve(site, link));
    expect(page).not.to.match(/href="\/(docs|workflows|openapi)/);
  });
});
