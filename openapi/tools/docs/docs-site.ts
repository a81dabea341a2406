/** `npm run docs:site`: builds dist/site/, the docs for a static file server at any path, such as GitHub Pages. */
import { copyFile, cp, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../project.ts';
import type { DocsDocument } from './docs-document.ts';
import { buildPage, writeAsYaml } from './docs.ts';

interface Described extends DocsDocument {
  info: { description: string };
}

const site = path.join(root, 'dist', 'site');

await rm(site, { recursive: true, force: true });
await mkdir(site, { recursive: true });
await copyFile(path.join(root, 'generated', 'openapi.json'), path.join(site, 'openapi.json'));
await writeAsYaml(path.join(site, 'openapi.json'), path.join(site, 'openapi.yaml'));
await cp(path.join(root, 'openapi', 'workflows'), path.join(site, 'workflows'), { recursive: true });

const contract = JSON.parse(await readFile(path.join(site, 'openapi.json'), 'utf8')) as Described;
contract.info.description = linkedFromHere(contract.info.description);
await buildPage(contract, false, path.join(site, 'index.html'));
process.stdout.write(`wrote ${path.relative(process.cwd(), site)}\n`);

/** Makes links relative, and drops the one to the page that tries operations out, which needs a server. */
function linkedFromHere(guide: string): string {
  const linked = guide
    .replace(/\[[^\]]*\]\(\/docs\/try\), or take/, 'Take')
    .replaceAll('](/openapi.', '](openapi.')
    .replaceAll('](/workflows/', '](workflows/');
  const [astray] = /\[[^\]]*\]\(\/[^)]*\)/.exec(linked) ?? [];
  if (astray) throw new Error(`openapi/guide.md has a link that does not work on the site: ${astray}`);
  return linked;
}
