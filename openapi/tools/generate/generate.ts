/** `npm run generate`: makes everything in generated/ from the contract. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { contractModule, type ClientDocument } from './client.ts';
import { bundleContract } from './bundle.ts';
import { serverDocument } from './server-document.ts';
import { root } from '../project.ts';
import { addSamples, type SampledDocument } from './samples.ts';
import { operationsModule, type ContractDocument } from './operations.ts';
import { problemsModule, type ProblemDocument } from './problems.ts';
import { typesOf } from './types.ts';

const notice = 'Made by `npm run generate` from openapi/. Do not edit.';

/** Writes the bundle, the server's types and tables, and the generated half of the TypeScript client to `directory`. */
export async function generate(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const bundled = path.join(directory, 'openapi.json');
  await bundleContract(bundled);
  const document = JSON.parse(await readFile(bundled, 'utf8')) as ContractDocument &
    ClientDocument &
    SampledDocument &
    ProblemDocument;
  addSamples(document);
  await writeFile(bundled, `${JSON.stringify(document, null, 2)}\n`);
  const modules = {
    'openapi.ts': await typesOf(serverDocument(document), { openEnums: 'written' }),
    'operations.ts': operationsModule(document),
    'problems.ts': problemsModule(document),
    'client/contract.ts': contractModule(document),
    'client/schema.ts': await typesOf(document, { openEnums: 'read' }),
  };
  await mkdir(path.join(directory, 'client'), { recursive: true });
  for (const [file, source] of Object.entries(modules)) {
    await writeFile(path.join(directory, file), `/* ${notice} */\n${source}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await generate(path.join(root, 'generated'));
  process.stdout.write('generated/ is up to date\n');
}
