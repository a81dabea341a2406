/** `npm run docs`: makes the docs page, one file with everything in it, from the bundled contract. */
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProject } from '../src/config/project.ts';
import { runRedocly } from './redocly.ts';

/** Makes dist/docs.html, unless it is newer than the contract. */
export async function buildDocs(announce: (message: string) => void): Promise<void> {
  const { root } = findProject();
  const contract = path.join(root, 'generated', 'openapi.json');
  const page = path.join(root, 'dist', 'docs.html');
  if ((await changedAt(page)) >= (await changedAt(contract))) return;
  announce('building the docs');
  await mkdir(path.dirname(page), { recursive: true });
  await runRedocly('build-docs', contract, '--inlineBundle', '--output', page);
}

async function changedAt(file: string): Promise<number> {
  const found = await stat(file).catch(() => undefined);
  return found?.mtimeMs ?? 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildDocs((message) => process.stdout.write(`${message}\n`));
}
