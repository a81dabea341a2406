/** The exercise in openapi/README.md: a capability is one folder and one line, plus its contract and migration. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { ESLint, type Linter } from 'eslint';
import tseslint from 'typescript-eslint';

const run = promisify(execFile);
const root = path.join(import.meta.dirname, '..', '..');
const diff = path.join(root, 'openapi', 'exercise', 'notes-of-a-user.diff');

describe('the exercise, notes of a user', function () {
  this.timeout(240_000);
  let copy: string;

  before('copy the sources, and apply the diff', async () => {
    copy = await mkdtemp(path.join(tmpdir(), 'latchkey-exercise-'));
    const sources = ['openapi', 'src', 'generated', 'migrations', 'test'];
    for (const name of [...sources, 'tsconfig.json', 'redocly.yaml', 'package.json', 'LICENSE']) {
      await cp(path.join(root, name), path.join(copy, name), { recursive: true });
    }
    // The notes have no page, and the tests look at no document, so those that are built will do.
    for (const name of ['node_modules', 'dist']) await symlink(path.join(root, name), path.join(copy, name));
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
    const config = (await import(path.join(root, 'eslint.config.js'))) as { default: Linter.Config[] };
    const walls = config.default.filter(({ rules = {} }) => 'no-restricted-imports' in rules);
    const parsed = { files: ['**/*.ts'], languageOptions: { parser: tseslint.parser } };
    const eslint = new ESLint({ cwd: copy, overrideConfigFile: true, overrideConfig: [parsed, ...walls] });

    const files = await eslint.lintFiles('src/features/notes');

    expect(files).to.have.length(6);
    expect(files.flatMap(({ messages }) => messages)).to.deep.equal([]);
  });

  it('passes its own tests, and those of erasure', async () => {
    const mocha = path.join(root, 'node_modules/mocha/bin/mocha.js');
    const tests = ['test/api/notes/notes.test.ts', 'test/integration/personal-data/erasure.test.ts'];
    await mkdir(path.join(copy, 'coverage'));
    // On the PostgreSQL of this run, with a template of its own.
    const env = { ...process.env, TEST_DATABASE_URL: process.env['TEST_SERVER_URL'], TEST_TEMPLATE: undefined };
    const options = ['--no-config', '--require', 'test/support/template.ts', '--timeout', '120000'];
    await run(process.execPath, ['--import', 'tsx', mocha, ...options, ...tests], { cwd: copy, env }).catch(
      (error: unknown) => {
        throw new Error((error as { stdout: string }).stdout);
      },
    );
  });
});
