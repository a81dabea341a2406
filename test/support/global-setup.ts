/** Once per run: builds what tests start, and provides the template database that each test file copies. */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { buildGoClient } from '../../openapi/tools/clients/go-package.ts';
import { buildJavaClient } from '../../openapi/tools/clients/java-package.ts';
import { buildPythonClient } from '../../openapi/tools/clients/python-package.ts';
import { buildTypeScriptClient } from '../../openapi/tools/clients/typescript-package.ts';
import { buildDocs } from '../../openapi/tools/docs/docs.ts';
import { buildPages } from '../../openapi/tools/pages/pages.ts';
import { buildServer } from '../../openapi/tools/server/server.ts';
import { removeLibpqVariables } from '../../src/platform/config/env.ts';
import { execute } from './execute.ts';
import { forgetFilesInMemory, keepFilesInMemory } from './temporary-files.ts';
import { startTemplate, stopTemplate, type Announce } from './template.ts';
import { exchangesFile, trafficFile } from './traffic.ts';

const root = path.join(import.meta.dirname, '..', '..');

export async function mochaGlobalSetup(): Promise<void> {
  removeLibpqVariables();
  await mkdir(path.dirname(trafficFile), { recursive: true });
  for (const file of [trafficFile, exchangesFile]) await rm(file, { force: true });
  if (onlyUnitTests(process.argv.slice(2))) return;
  keepFilesInMemory();
  const announce: Announce = (message) => void process.stdout.write(`${message}\n`);
  // The compiler is a process of its own, so the rest goes on beside it.
  await Promise.all([compileServer(announce).then(() => buildServer()), buildDocuments(announce)]);
  await startTemplate(announce);
}

export async function mochaGlobalTeardown(): Promise<void> {
  await stopTemplate();
  forgetFilesInMemory();
}

/** Compiles to dist/ what has changed. Types are checked elsewhere. */
async function compileServer(announce: Announce): Promise<void> {
  announce('building the server');
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  await execute(process.execPath, [tsc, '--build', 'tsconfig.build.json', '--noCheck'], { cwd: root });
}

/** Builds what is served or published beside the server. */
async function buildDocuments(announce: Announce): Promise<void> {
  await buildDocs(announce);
  await buildPages(announce);
  await buildTypeScriptClient(announce);
  await Promise.all([buildPythonClient(), buildGoClient(), buildJavaClient()]);
}

function onlyUnitTests(args: string[]): boolean {
  const specs = args.filter((arg) => arg.includes('.test.ts') || arg.startsWith('test/'));
  return specs.length > 0 && specs.every((spec) => spec.includes('test/unit'));
}
