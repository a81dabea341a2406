/** The exercise in openapi/README.md: a capability is one folder and one line, plus its contract and migration. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';

const run = promisify(execFile);
const root = path.join(import.meta.dirname, '..', '..');
const diff = path.join(root, 'openapi', 'exercise', 'notes-of-a-user.diff');

describe('the exercise, notes of a user', function () {
  this.timeout(240_000);
  let copy: string;

  before('copy the sources, and apply the diff', async () => {
    copy = await mkdtemp(path.join(tmpdir(), 'latchkey-exercise-'));
    const sources = ['openapi', 'src', 'generated', 'migrations', 'test'];
    const settings = ['tsconfig.json', 'tsconfig.build.json', 'knexfile.ts', 'eslint.config.js', '.mocharc.json'];
    for (const name of [...sources, ...settings, 'redocly.yaml', 'package.json', 'LICENSE']) {
      await cp(path.join(root, name), path.join(copy, name), { recursive: true });
    }
    await symlink(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
    await run('git', ['init', '--quiet', copy]);
    await run('git', ['apply', diff], { cwd: copy });
    await run('npm', ['run', '--silent', 'generate'], { cwd: copy });
  });
  after(() => rm(copy, { recursive: true }));

  it('changes only the contract, a migration, the list of features and what erasure is tested with outside its own folders', async () => {
    const touched = [...(await readFile(diff, 'utf8')).matchAll(/^\+\+\+ b\/(.*)$/gm)].map(([, file = '']) => file);
    const outside = touched.filter((file) => !/^(src\/features|test\/api)\/notes\//.test(file));

    expect(outside.filter((file) => !/^(openapi|migrations)\//.test(file))).to.deep.equal([
      'src/features/features.ts',
      'test/support/personal-data.ts',
    ]);
  });

  it('compiles against the extended contract', async () => {
    const include = ['src', 'test/api/notes', 'test/support/personal-data.ts'];
    const project = { extends: './tsconfig.json', include, exclude: ['src/web'] };
    await writeFile(path.join(copy, 'tsconfig.exercise.json'), JSON.stringify(project));
    const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
    await run(process.execPath, [tsc, '-p', 'tsconfig.exercise.json'], { cwd: copy });
  });

  it('imports only what a feature may', async () => {
    await run(process.execPath, [path.join(root, 'node_modules/eslint/bin/eslint.js'), 'src/features/notes'], {
      cwd: copy,
    });
  });

  it('passes its own tests, and those of erasure', async () => {
    const mocha = path.join(root, 'node_modules/mocha/bin/mocha.js');
    const tests = ['test/api/notes/notes.test.ts', 'test/integration/personal-data/erasure.test.ts'];
    await run(process.execPath, [mocha, ...tests], { cwd: copy }).catch((error: unknown) => {
      throw new Error((error as { stdout: string }).stdout);
    });
  });
});
