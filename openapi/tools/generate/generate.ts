/** `npm run generate`: makes everything in generated/ from the contract. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { makeTypeScriptClient } from '../clients/typescript-package.ts';
import type { ClientDocument } from '../clients/typescript-contract.ts';
import { bundleContract } from './bundle.ts';
import { serverDocument } from './server-document.ts';
import { root } from '../project.ts';
import { addSamples, type SampledDocument } from './samples.ts';
import { operationsModule, type ContractDocument } from './operations.ts';
import { problemsModule, type ProblemDocument } from './problems.ts';
import { typesOf } from './types.ts';

const notice = 'Made by `npm run generate` from openapi/. Do not edit.';

/** Writes openapi.json, openapi.yaml, openapi.ts, operations.ts, problems.ts and the TypeScript client into `directory`. */
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
  await writeFile(path.join(directory, 'openapi.yaml'), `# ${notice}\n${stringify(document, { lineWidth: 0 })}`);
  const types = await typesOf(serverDocument(document), { openEnums: 'written' });
  await writeFile(path.join(directory, 'openapi.ts'), `/* ${notice} */\n${types}`);
  await writeFile(path.join(directory, 'operations.ts'), `/* ${notice} */\n${operationsModule(document)}`);
  await writeFile(path.join(directory, 'problems.ts'), `/* ${notice} */\n${problemsModule(document)}`);
  await makeTypeScriptClient(document, path.join(directory, 'clients', 'typescript'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const directory = path.resolve(process.argv[2] ?? path.join(root, 'generated'));
  await generate(directory);
  process.stdout.write(`generated ${path.relative(process.cwd(), directory) || '.'}\n`);
}
