/** The TypeScript client and the examples in its README, as users' compilers see them. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import ts from 'typescript';
import { useApp } from '../support/app.ts';
import { consumerSource, pageExamples, secureStore, useConsumer } from './client-consumer.ts';
import { compileStrictly } from './compile.ts';

describe('the types of the TypeScript client', () => {
  const app = useApp();
  const consumer = useConsumer(app);

  it('compile in a strict project, and catch a wrong operation, field or parameter', async function () {
    const file = path.join(consumer.directory, 'consumer.ts');
    await writeFile(file, consumerSource);

    const errors = [ts.ModuleResolutionKind.Bundler, ts.ModuleResolutionKind.NodeNext].map((moduleResolution) => {
      const module =
        moduleResolution === ts.ModuleResolutionKind.Bundler ? ts.ModuleKind.ESNext : ts.ModuleKind.NodeNext;
      return compileStrictly([file], { module, moduleResolution, exactOptionalPropertyTypes: true });
    });

    expect(errors).to.deep.equal(['', '']);
  });

  it('fit the examples in its README', async function () {
    const page = await readFile(path.join(consumer.directory, 'node_modules/@latchkey/client/README.md'), 'utf8');
    const files = await Promise.all(
      Object.entries({ ...pageExamples(page), 'secure-store.d.ts': secureStore }).map(async ([name, text]) => {
        await writeFile(path.join(consumer.directory, name), text);
        return path.join(consumer.directory, name);
      }),
    );

    expect(files).to.have.length.greaterThan(5);
    expect(compileStrictly(files, { exactOptionalPropertyTypes: true })).to.equal('');
  });

  for (const version of ['5.6', '7']) {
    it(`work with TypeScript ${version}, if npm can install it`, async function () {
      const directory = path.join(consumer.directory, `typescript-${version}`);
      await mkdir(directory);
      const npm = [
        'install',
        `typescript@${version}`,
        '--prefer-offline',
        '--no-audit',
        '--no-fund',
        '--no-package-lock',
      ];
      const run = promisify(execFile);
      try {
        await run('npm', [...npm, '--prefix', directory, '--fetch-retries', '0'], { cwd: directory });
      } catch (error) {
        process.stdout.write(`npm can't install TypeScript ${version}: skipped: ${String(error).split('\n')[0]}\n`);
        this.skip();
      }
      const page = await readFile(path.join(consumer.directory, 'node_modules/@latchkey/client/README.md'), 'utf8');
      const files = { ...pageExamples(page), 'consumer.ts': consumerSource, 'secure-store.d.ts': secureStore };
      for (const [name, text] of Object.entries(files)) await writeFile(path.join(consumer.directory, name), text);
      const options = '--noEmit --strict --exactOptionalPropertyTypes --target es2022 --module nodenext';
      const tsc = path.join(directory, 'node_modules', 'typescript', 'bin', 'tsc');

      const { stdout } = await run(process.execPath, [tsc, ...options.split(' '), ...Object.keys(files)], {
        cwd: consumer.directory,
      }).catch((error: unknown) => error as { stdout: string });

      expect(stdout).to.equal('');
    });
  }
});
