/** Writes the Go client, a module: openapi/clients/go, with what is generated from the contract. */
import { copyFile, cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { basePathOf } from '../generate/operations.ts';
import { root } from '../project.ts';
import type { ClientDocument } from './contract-operations.ts';
import { modelsFile } from './go-models.ts';
import { operationsFile } from './go-operations.ts';

const written = path.join(root, 'openapi', 'clients', 'go');
const contract = path.join(root, 'generated', 'openapi.json');

/** The folder of the module. */
export const goClient = path.join(root, 'dist', 'clients', 'go');

/** Writes the module under this path, by which programs import it. */
export async function buildGoClient(module = 'example.com/latchkey'): Promise<void> {
  const document = JSON.parse(await readFile(contract, 'utf8')) as ClientDocument;
  const draft = `${goClient}.draft`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(path.dirname(draft), { recursive: true });
  await cp(written, draft, { recursive: true });
  const { source, models } = operationsFile(document);
  const { version } = document.info;
  await writeFile(path.join(draft, 'operations.go'), source);
  await writeFile(
    path.join(draft, 'models.go'),
    modelsFile(models, document.components.schemas, version, basePathOf(document)),
  );
  const template = path.join(draft, 'go.mod.template');
  await writeFile(path.join(draft, 'go.mod'), (await readFile(template, 'utf8')).replace('MODULE', module));
  await rm(template);
  await copyFile(path.join(root, 'LICENSE'), path.join(draft, 'LICENSE'));
  await rm(goClient, { recursive: true, force: true });
  await rename(draft, goClient);
}
