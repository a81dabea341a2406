/** `npm run pages`: builds the pages of src/web/ into dist/web/. */
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Rolldown } from 'vite';
import { keepOnly } from '../keep-only.ts';
import { isUpToDate } from '../last-change.ts';
import { root } from '../project.ts';

const web = path.join(root, 'src', 'web');
const built = path.join(root, 'dist', 'web', 'pages.json');
const sources = [
  'src/web',
  'openapi/clients/typescript',
  'generated/client',
  'openapi/tools/pages',
  'package-lock.json',
].map((place) => path.join(root, place));

/** Builds the pages unless they are newer than their sources. `pages.json`, which lists their paths, is written last. */
export async function buildPages(announce: (message: string) => void): Promise<void> {
  if (await isUpToDate(built, sources)) return;
  announce('building the pages');
  const [{ build }, { default: configOf }] = await Promise.all([import('vite'), import('./vite.config.ts')]);
  const { NODE_ENV: before } = process.env;
  const made = (await build({
    ...configOf({ command: 'build' }),
    configFile: false,
    logLevel: 'warn',
  })) as Rolldown.RolldownOutput;
  // Vite sets it, and whatever this process starts would inherit it.
  if (before === undefined) delete process.env['NODE_ENV'];
  else process.env['NODE_ENV'] = before;
  await writeFile(built, JSON.stringify(await pathsOfPages()));
  await keepOnly(
    path.join(path.dirname(built), 'assets'),
    made.output.map(({ fileName }) => path.basename(fileName)),
  );
}

/** The paths of the pages as Express writes them: `account/page.tsx` is at /account, `home/page.tsx` at /, a folder `[id]` is any name. */
export async function pathsOfPages(): Promise<string[]> {
  const files = await readdir(path.join(web, 'pages'), { recursive: true });
  const folders = files.filter((file) => path.basename(file) === 'page.tsx').map((file) => path.dirname(file));
  const place = (folder: string) =>
    `/${folder
      .split(path.sep)
      .join('/')
      .replaceAll(/\[(\w+)\]/g, ':$1')}`;
  return folders.map((folder) => (folder === 'home' ? '/' : place(folder))).sort();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildPages((message) => process.stdout.write(`${message}\n`));
}
