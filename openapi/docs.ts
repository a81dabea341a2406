/** `npm run docs`: makes the docs page, one file with everything in it, and the console, from the bundled contract. */
import { copyFile, cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProject } from '../src/config/project.ts';
import { runRedocly } from './redocly.ts';

// The one thing that Redoc's page would load from elsewhere.
const remoteLogo = /https:\/\/cdn\.redoc\.ly\/[\w./-]+\.svg/g;

const consolePage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Try Latchkey</title>
    <link rel="stylesheet" href="/docs/try/swagger-ui.css" />
  </head>
  <body>
    <div id="console"></div>
    <script src="/docs/try/swagger-ui-bundle.js"></script>
    <script src="/docs/try/start.js"></script>
  </body>
</html>
`;

const consoleScript = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#console', deepLinking: true, validatorUrl: null });
`;

/** Makes dist/docs.html, dist/console/ and dist/workflows/; the first two unless they are newer than the contract. */
export async function buildDocs(announce: (message: string) => void): Promise<void> {
  const { root } = findProject();
  const contract = path.join(root, 'generated', 'openapi.json');
  const page = path.join(root, 'dist', 'docs.html');
  await cp(path.join(root, 'openapi', 'workflows'), path.join(root, 'dist', 'workflows'), { recursive: true });
  if ((await changedAt(page)) >= (await changedAt(contract))) return;
  announce('building the docs');
  await mkdir(path.dirname(page), { recursive: true });
  await buildConsole(path.join(root, 'dist', 'console'));
  await buildPage(contract, page);
}

/** Makes one page of a bundled contract, with everything in it. */
export async function buildPage(contract: string, page: string): Promise<void> {
  const draft = `${page}.draft`;
  await runRedocly('build-docs', contract, '--inlineBundle', '--output', draft);
  await writeFile(page, (await readFile(draft, 'utf8')).replaceAll(remoteLogo, 'data:,'));
  await rm(draft);
}

async function buildConsole(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const { resolve } = createRequire(import.meta.url);
  for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
    await copyFile(resolve(`swagger-ui-dist/${file}`), path.join(directory, file));
  }
  await writeFile(path.join(directory, 'index.html'), consolePage);
  await writeFile(path.join(directory, 'start.js'), consoleScript);
}

async function changedAt(file: string): Promise<number> {
  const found = await stat(file).catch(() => undefined);
  return found?.mtimeMs ?? 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildDocs((message) => process.stdout.write(`${message}\n`));
}
