/** `npm run docs`: builds what the server publishes besides the bundled contract: the docs page, the page to try it out, the contract as YAML. */
import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { keepOnly } from '../keep-only.ts';
import { isUpToDate } from '../last-change.ts';
import { root } from '../project.ts';
import { docsDocument, type DocsDocument } from './docs-document.ts';
import { runRedocly } from '../redocly.ts';

// From the root, since this file also runs from dist/.
const tools = path.join(root, 'openapi', 'tools', 'docs');

// The only thing that Redoc's page would load from another server.
const remoteLogo = /https:\/\/cdn\.redoc\.ly\/[\w./-]+\.svg/g;

// The links in the prerendered menu, which otherwise work only through Redoc's script.
const placesInMenu = /(?<=<a [^>]*href=")\/(?=section\/|[a-z]+"|")/g;

const description = 'How to use Latchkey: a guide, and each operation with samples.';
const head = `<meta name="description" content="${description}" />
  <link rel="icon" href="data:," />
  <style>
    pre { padding-right: 48px !important; }
    pre, pre code { white-space: pre-wrap !important; overflow-wrap: anywhere; }
    table { display: block; overflow-x: auto; }
    table th, table td { padding: 6px !important; }
    td:first-child { min-width: 12em; }
    td:first-child code { white-space: normal !important; word-break: normal !important; overflow-wrap: anywhere; }
  </style>
</head>`;

// Patterns are hidden, since descriptions say the same for people.
const look = JSON.stringify({ hideSchemaPattern: true, hideDownloadButtons: false, jsonSamplesExpandLevel: 'all' });

/** Copies dist/workflows/, and builds dist/docs.html, dist/openapi.yaml and dist/try/ unless they are newer than their sources. */
export async function buildDocs(announce: (message: string) => void): Promise<void> {
  const contract = path.join(root, 'generated', 'openapi.json');
  const [page, yaml] = ['docs.html', 'openapi.yaml'].map((file) => path.join(root, 'dist', file)) as [string, string];
  await cp(path.join(root, 'openapi', 'workflows'), path.join(root, 'dist', 'workflows'), { recursive: true });
  const sources = [
    contract,
    ...['docs.ts', 'docs-document.ts'].map((file) => path.join(tools, file)),
    ...(await tryOutSources()),
  ];
  if ((await isUpToDate(page, sources)) && (await isUpToDate(yaml, sources))) return;
  announce('building the docs');
  await mkdir(path.dirname(page), { recursive: true });
  await buildTryOut(path.join(root, 'dist', 'try'));
  await writeAsYaml(contract, yaml);
  await buildPage(JSON.parse(await readFile(contract, 'utf8')) as DocsDocument, true, page);
}

/** Builds a self-contained page from the bundled contract. */
export async function buildPage(document: DocsDocument, canTry: boolean, page: string): Promise<void> {
  // Its own, since two commands may build at the same time.
  const drafts = await mkdtemp(`${page}.`);
  const [contract, draft] = [path.join(drafts, 'contract.json'), path.join(drafts, 'page.html')];
  await writeFile(contract, JSON.stringify(docsDocument(document, canTry)));
  await runRedocly('build-docs', contract, '--inlineBundle', '--openapi', look, '--output', draft);
  const built = await readFile(draft, 'utf8');
  await writeFile(
    draft,
    built.replaceAll(remoteLogo, 'data:,').replaceAll(placesInMenu, '#/').replace('</head>', head),
  );
  await rename(draft, page);
  await rm(drafts, { recursive: true });
}

/** Writes a JSON file as YAML. */
export async function writeAsYaml(json: string, file: string): Promise<void> {
  const { stringify } = await import('yaml');
  await writeFile(file, stringify(JSON.parse(await readFile(json, 'utf8')), { lineWidth: 0 }));
}

async function tryOutSources(): Promise<string[]> {
  const folder = path.join(tools, 'try');
  const files = await readdir(folder);
  return files.filter((file) => /\.(html|css|ts)$/.test(file)).map((file) => path.join(folder, file));
}

async function buildTryOut(directory: string): Promise<void> {
  const { default: ts } = await import('typescript');
  const { resolve } = createRequire(import.meta.url);
  const parts = ['swagger-ui.css', 'swagger-ui-bundle.js'].map((file) => resolve(`swagger-ui-dist/${file}`));
  const { ES2022: target } = ts.ScriptTarget;
  const compilerOptions = { target, module: ts.ModuleKind.ES2022, rewriteRelativeImportExtensions: true };
  await mkdir(directory, { recursive: true });
  const sources = [...parts, ...(await tryOutSources())];
  const nameOf = (file: string) => path.basename(file).replace(/\.ts$/, '.js');
  for (const file of sources) {
    const built = path.join(directory, nameOf(file));
    if (!file.endsWith('.ts')) await copyFile(file, built);
    else await writeFile(built, ts.transpileModule(await readFile(file, 'utf8'), { compilerOptions }).outputText);
  }
  await keepOnly(directory, sources.map(nameOf));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildDocs((message) => process.stdout.write(`${message}\n`));
}
