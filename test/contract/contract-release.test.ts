/** The commands for releasing the contract, run on a copy of the project. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Manifest {
  readonly packages?: Record<string, object>;
}

const chart = 'docker/kubernetes/Chart.yaml';

describe('contract:diff and contract:release', function () {
  let root: string;

  before('copy the project, as if 1.2.3 had just been released', async () => {
    root = await mkdtemp(path.join(tmpdir(), 'latchkey-release-'));
    const needed = 'openapi generated src docker/kubernetes package.json package-lock.json .prettierrc.json LICENSE';
    for (const name of needed.split(' ')) {
      await cp(name, path.join(root, name), { recursive: true });
    }
    await symlink(path.resolve('node_modules'), path.join(root, 'node_modules'));
    await edit('openapi/openapi.yaml', (text) => text.replace(/^ {2}version: .*$/m, '  version: 1.2.3 # kept'));
    const released = JSON.parse(await read('generated/openapi.json')) as { info: { version: string } };
    released.info.version = '1.2.3';
    await writeFile(path.join(root, 'openapi/released/openapi.json'), JSON.stringify(released));
    await writeFile(
      path.join(root, 'CHANGELOG.md'),
      '# Changelog\n\n## Unreleased\n\n### For operators\n\n- A rollback asks.\n\n## [1.2.3] - 2026-01-01\n\n- Before.\n',
    );
  });

  after('remove the copy', () => rm(root, { recursive: true, force: true }));

  it('the first reports that nothing changed since the last release', async () => {
    expect(await run('contract-diff')).to.deep.equal({
      code: 0,
      stdout: 'Nothing changed since 1.2.3.\n',
      stderr: '',
    });
  });

  it('the first fails for a breaking change under a version that does not say so', async () => {
    await edit('openapi/schemas/Password.yaml', (text) => text.replace('maxLength: 128', 'maxLength: 64'));
    await edit('openapi/schemas/Role.yaml', (text) => text.replace('description: ', 'description: In a word. '));

    const { code, stdout, stderr } = await run('contract-diff');

    expect(code).to.equal(1);
    expect(stdout).to.match(
      /^Since 1\.2\.3:\n\nBreaking\n- POST .*: the `maxLength` of `Password` changed from `128` to `64`\.$/m,
    );
    expect(stdout).to.match(/\nChanged\n- .*: the `description` of `Role` /);
    expect(stderr).to.contain('2.0.0').and.to.contain('npm run contract:release');
  });

  it('the second releases the next version everywhere', async () => {
    const source = await read('openapi/openapi.yaml');

    const release = await run('contract-release');

    expect(release.stderr).to.equal('');
    expect(release.code).to.equal(0);
    expect(await read('openapi/openapi.yaml')).to.equal(source.replace('version: 1.2.3 #', 'version: 2.0.0 #'));
    const [manifest, lock, bundle] = await Promise.all(
      ['package.json', 'package-lock.json', 'generated/openapi.json'].map(
        async (name) => JSON.parse(await read(name)) as Manifest,
      ),
    );
    expect(manifest).to.have.property('version', '2.0.0');
    expect(lock).to.have.property('version', '2.0.0');
    expect(lock?.packages?.['']).to.have.property('version', '2.0.0');
    expect(bundle).to.have.nested.property('info.version', '2.0.0');
    expect(await read(chart))
      .to.match(/^version: 2\.0\.0$/m)
      .and.to.match(/^appVersion: 2\.0\.0$/m);
    expect(await read('openapi/released/openapi.json')).to.equal(await read('generated/openapi.json'));
    const today = new Date().toISOString().slice(0, 10);
    expect(await read('CHANGELOG.md')).to.match(
      new RegExp(
        `^# Changelog\n\n## \\[2\\.0\\.0\\] - ${today}\n\n### Changed\n\n- \\*\\*Breaking\\.\\*\\* POST .*\`64\`\\.\n` +
          '- Descriptions and examples were reworded in one place\\.\n\n### For operators\n\n- A rollback asks\\.\n\n## \\[1\\.2\\.3\\] - 2026-01-01\n\n- Before\\.\n$',
      ),
    );
  });

  const read = (name: string) => readFile(path.join(root, name), 'utf8');

  async function edit(name: string, change: (text: string) => string): Promise<void> {
    const before = await read(name);
    const after = change(before);
    if (after === before) throw new Error(`${name} was not changed`);
    await writeFile(path.join(root, name), after);
  }

  async function run(command: string, ...args: string[]): Promise<Outcome> {
    const program = ['--import', 'tsx', path.join(root, 'openapi/tools/changes', `${command}.ts`), ...args];
    try {
      return { code: 0, ...(await promisify(execFile)(process.execPath, program, { cwd: root })) };
    } catch (error) {
      const { code, stdout, stderr } = error as Outcome;
      return { code, stdout, stderr };
    }
  }
});
