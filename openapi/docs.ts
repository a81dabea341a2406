/** `npm run docs`: makes dist/docs.html, one page with everything in it, from the bundled contract, when it is not newer. */
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { findProject } from '../src/config/project.ts';
import { runRedocly } from './redocly.ts';

const { root } = findProject();
const contract = path.join(root, 'generated', 'openapi.json');
const page = path.join(root, 'dist', 'docs.html');

const changed = async (file: string) => (await stat(file).catch(() => undefined))?.mtimeMs ?? 0;

if ((await changed(page)) < (await changed(contract))) {
  process.stdout.write('building the docs …\n');
  await mkdir(path.dirname(page), { recursive: true });
  await runRedocly('build-docs', contract, '--inlineBundle', '--output', page);
}
