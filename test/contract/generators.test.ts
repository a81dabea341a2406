/** Popular client generators: each must make a client that compiles under `strict`. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import ts from 'typescript';
import { runRedocly } from '../../openapi/tools/redocly.ts';
import { compileStrictly } from './compile.ts';

const contract = path.resolve('generated', 'openapi.json');
const operationIds = Object.values(
  (JSON.parse(await readFile(contract, 'utf8')) as { paths: Record<string, Record<string, { operationId?: string }>> })
    .paths,
).flatMap((item) => Object.values(item).flatMap(({ operationId }) => operationId ?? []));

/** Generates into a directory; returns the files that a project would import. */
const generators: Record<string, (directory: string) => Promise<string[]>> = {
  async 'openapi-typescript'(directory) {
    await run(directory, 'openapi-typescript', 'bin/cli.js', contract, '--output', path.join(directory, 'schema.ts'));
    return ['schema.ts'];
  },
  async 'swagger-typescript-api'(directory) {
    const options = ['--path', contract, '--output', directory, '--name', 'api.ts', '--silent'];
    await run(directory, 'swagger-typescript-api', 'dist/cli.mjs', 'generate', ...options);
    return ['api.ts'];
  },
  async '@hey-api/openapi-ts'(directory) {
    const options = ['--input', contract, '--output', path.join(directory, 'client'), '--no-log-file', '--silent'];
    await run(directory, '@hey-api/openapi-ts', 'bin/run.js', ...options);
    return ['client/index.ts', 'client/sdk.gen.ts', 'client/client.gen.ts'];
  },
  async oazapfts(directory) {
    await run(directory, 'oazapfts', 'dist/cli.js', contract, path.join(directory, 'api.ts'));
    return ['api.ts'];
  },
  async 'redocly generate-client'(directory) {
    await runRedocly('generate-client', contract, '--output', path.join(directory, 'client.ts'));
    return ['client.ts'];
  },
};

describe('client generators', () => {
  let root: string;

  before('make a directory in the project, where generated code can resolve its imports', async () => {
    await mkdir('dist', { recursive: true });
    root = await mkdtemp(path.resolve('dist', 'test-generators-'));
  });

  after('remove it', () => rm(root, { recursive: true, force: true }));

  for (const [name, generate] of Object.entries(generators)) {
    it(`${name} generates a client that compiles under strict and has every operation`, async function () {
      const directory = path.join(root, name.replaceAll(/\W+/g, '-'));
      await mkdir(directory);
      await writeFile(path.join(directory, 'package.json'), '{"type":"module"}');

      const files = (await generate(directory)).map((file) => path.join(directory, file));

      expect(compileStrictly(files, { module: ts.ModuleKind.ESNext }), name).to.equal('');
      const sources = await Promise.all(files.map((file) => readFile(file, 'utf8')));
      const missing = operationIds.filter((id) => !sources.some((source) => new RegExp(`\\b${id}\\b`).test(source)));
      expect(missing, `${name} omits these operations`).to.deep.equal([]);
    });
  }
});

// In another directory, since some generators would read options from the project's redocly.yaml.
async function run(directory: string, packageName: string, program: string, ...args: string[]): Promise<void> {
  const installed = path.join(path.resolve('node_modules', packageName), program);
  await promisify(execFile)(process.execPath, [installed, ...args], { cwd: directory });
}
