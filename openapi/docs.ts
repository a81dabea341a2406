/** `npm run docs`: makes the docs page, one file with everything in it, and the console, from the bundled contract. */
import { copyFile, cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProject } from '../src/config/project.ts';
import { runRedocly } from './redocly.ts';

// The one thing that Redoc's page would load from elsewhere.
const remoteLogo = /https:\/\/cdn\.redoc\.ly\/[\w./-]+\.svg/g;

/** Makes dist/docs.html, dist/console/ and dist/workflows/; the first two unless they are newer than what they are made of. */
export async function buildDocs(announce: (message: string) => void): Promise<void> {
  const { root } = findProject();
  const contract = path.join(root, 'generated', 'openapi.json');
  const page = path.join(root, 'dist', 'docs.html');
  await cp(path.join(root, 'openapi', 'workflows'), path.join(root, 'dist', 'workflows'), { recursive: true });
  const sources = [contract, path.join(root, 'openapi', 'docs.ts'), ...(await consoleSources(root))];
  const changes = await Promise.all(sources.map(changedAt));
  if ((await changedAt(page)) >= Math.max(...changes)) return;
  announce('building the docs');
  await mkdir(path.dirname(page), { recursive: true });
  await buildConsole(root, path.join(root, 'dist', 'console'));
  await buildPage(contract, page);
}

/** Makes one page of a bundled contract, with everything in it. */
export async function buildPage(contract: string, page: string): Promise<void> {
  const draft = `${page}.draft`;
  await runRedocly('build-docs', contract, '--inlineBundle', '--output', draft);
  await writeFile(page, (await readFile(draft, 'utf8')).replaceAll(remoteLogo, 'data:,'));
  await rm(draft);
}

async function consoleSources(root: string): Promise<string[]> {
  const folder = path.join(root, 'openapi', 'console');
  const files = await readdir(folder);
  return files.filter((file) => /\.(html|css|ts)$/.test(file)).map((file) => path.join(folder, file));
}

async function buildConsole(root: string, directory: string): Promise<void> {
  const { default: ts } = await import('typescript');
  const { resolve } = createRequire(import.meta.url);
  const parts = ['swagger-ui.css', 'swagger-ui-bundle.js'].map((file) => resolve(`swagger-ui-dist/${file}`));
  const { ES2022: target } = ts.ScriptTarget;
  const compilerOptions = { target, module: ts.ModuleKind.ES2022, rewriteRelativeImportExtensions: true };
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  for (const file of [...parts, ...(await consoleSources(root))]) {
    const made = path.join(directory, path.basename(file).replace(/\.ts$/, '.js'));
    if (!file.endsWith('.ts')) await copyFile(file, made);
    else await writeFile(made, ts.transpileModule(await readFile(file, 'utf8'), { compilerOptions }).outputText);
  }
}

async function changedAt(file: string): Promise<number> {
  const found = await stat(file).catch(() => undefined);
  return found?.mtimeMs ?? 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildDocs((message) => process.stdout.write(`${message}\n`));
}
