/** The TypeScript client as users get it: packed, installed in an empty project, and seen by their compilers. */
import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import ts from 'typescript';
import type * as Package from '../../openapi/clients/typescript/index.ts';
import { cache, keep } from '../support/kept.ts';
import { consumerSource, installClient, pageExamples, secureStore } from './client-consumer.ts';
import { compileStrictly } from './compile.ts';

const run = promisify(execFile);

describe('the installed TypeScript client', () => {
  let directory: string;
  let files: string[];

  before('install it, and write uses of it beside it', async () => {
    directory = await installClient();
    const page = await readFile(path.join(directory, 'node_modules/@latchkey/client/README.md'), 'utf8');
    const sources = { ...pageExamples(page), 'consumer.ts': consumerSource, 'secure-store.d.ts': secureStore };
    for (const [name, text] of Object.entries(sources)) await writeFile(path.join(directory, name), text);
    files = Object.keys(sources).map((name) => path.join(directory, name));
  });
  after('remove the project', () => rm(directory, { recursive: true, force: true }));

  it('is loaded by its name', async () => {
    const entry = createRequire(path.join(directory, 'consumer.js')).resolve('@latchkey/client');
    const { createClient } = (await import(pathToFileURL(entry).href)) as typeof Package;

    expect(await createClient({ baseUrl: 'https://accounts.example.com' }).isSignedIn()).to.equal(false);
  });

  it('has types that compile in a strict project, fit its README, and catch a wrong operation, field or parameter', () => {
    const errors = [ts.ModuleResolutionKind.Bundler, ts.ModuleResolutionKind.NodeNext].map((moduleResolution) => {
      const module =
        moduleResolution === ts.ModuleResolutionKind.Bundler ? ts.ModuleKind.ESNext : ts.ModuleKind.NodeNext;
      return compileStrictly(files, { module, moduleResolution, exactOptionalPropertyTypes: true });
    });

    expect(files).to.have.length.greaterThan(7);
    expect(errors).to.deep.equal(['', '']);
  });

  for (const version of ['5.6.3', '7.0.2']) {
    it(`has types that work with TypeScript ${version}, if npm can install it`, async function () {
      const compiler = path.join(cache, `typescript-${version}`);
      const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--fetch-retries', '0'];
      try {
        await keep(compiler, (draft) => run('npm', ['install', `typescript@${version}`, ...quiet, '--prefix', draft]));
      } catch (error) {
        process.stdout.write(`npm can't install TypeScript ${version}: skipped: ${String(error).split('\n')[0]}\n`);
        this.skip();
      }
      const options = '--noEmit --strict --exactOptionalPropertyTypes --target es2022 --module nodenext';
      const tsc = path.join(compiler, 'node_modules', 'typescript', 'bin', 'tsc');

      const { stdout } = await run(process.execPath, [tsc, ...options.split(' '), ...files], {
        cwd: directory,
      }).catch((error: unknown) => error as { stdout: string });

      expect(stdout).to.equal('');
    });
  }
});
