/**
 * Writes the Python client, an installable folder: openapi/clients/python, with what is generated from the contract. Only the
 * asynchronous half is written and generated; the other one is made of it.
 */
import { copyFile, cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { basePathOf } from '../generate/operations.ts';
import { root } from '../project.ts';
import { modelsModule } from './python-models.ts';
import type { ClientDocument } from './contract-operations.ts';
import { operationsModule } from './python-operations.ts';

const written = path.join(root, 'openapi', 'clients', 'python');
const contract = path.join(root, 'generated', 'openapi.json');

/** The folder of the package, ready for pip. */
export const pythonClient = path.join(root, 'dist', 'clients', 'python');

/** Writes the package to `directory`. */
export async function buildPythonClient(directory = pythonClient): Promise<void> {
  const document = JSON.parse(await readFile(contract, 'utf8')) as ClientDocument;
  const draft = `${directory}.draft`;
  await rm(draft, { recursive: true, force: true });
  const modules = path.join(draft, 'latchkey_client');
  await cp(path.join(written, 'latchkey_client'), modules, { recursive: true, filter: isSource });
  const { source, models } = operationsModule(document);
  await writeFile(path.join(modules, 'async_operations.py'), source);
  const { version } = document.info;
  const { schemas } = document.components;
  await writeFile(path.join(modules, 'models.py'), modelsModule(models, schemas, version, basePathOf(document)));
  for (const file of (await readdir(modules)).filter((name) => name.startsWith('async_'))) {
    const asynchronous = await readFile(path.join(modules, file), 'utf8');
    await writeFile(path.join(modules, file.replace('async_', '')), blocking(asynchronous));
  }
  const project = await readFile(path.join(written, 'pyproject.template.toml'), 'utf8');
  await writeFile(path.join(draft, 'pyproject.toml'), project.replace('VERSION', version));
  await copyFile(path.join(written, 'README.md'), path.join(draft, 'README.md'));
  await copyFile(path.join(root, 'LICENSE'), path.join(draft, 'LICENSE'));
  await rm(directory, { recursive: true, force: true });
  await mkdir(path.dirname(directory), { recursive: true });
  await rename(draft, directory);
}

/** The same module for programs without an event loop. */
function blocking(source: string): string {
  return source
    .replaceAll(/\bAwaitable\[((?:[^[\]]|\[[^[\]]*\])*)\]/g, '$1')
    .replaceAll(/\bAwaitable, |, Awaitable\b/g, '')
    .replaceAll(/\basync (def|with|for) /g, '$1 ')
    .replaceAll(/\bawait /g, '')
    .replaceAll('async_auth_flow', 'sync_auth_flow')
    .replaceAll(/\b_asyncio\b/g, '_blocking')
    .replaceAll(/\bAsync(?=[A-Z])/g, '')
    .replaceAll(/\basync_(?=\w)/g, '')
    .replaceAll('aclose', 'close')
    .replaceAll(/__a(enter|exit)__/g, '__$1__');
}

function isSource(file: string): boolean {
  return !/__pycache__|\.pyc$|\.mypy_cache/.test(file);
}
