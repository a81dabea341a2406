/**
 * `npm run clients`: builds the TypeScript client in dist/clients/, or those for other languages, as in
 * `npm run clients -- python go java`.
 */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../project.ts';
import { buildPythonClient, pythonClient } from './python-package.ts';
import { buildTypeScriptClient, typeScriptClient } from './typescript-package.ts';
import { runRedocly } from '../redocly.ts';

const contract = path.join(root, 'generated', 'openapi.json');
// Those that Redocly CLI generates, with its options.
const generated: Record<string, string[]> = {
  go: ['--go-package', 'latchkey'],
  java: [],
};

async function buildClient(language: string): Promise<string> {
  if (language === 'typescript') {
    await buildTypeScriptClient(() => {});
    return typeScriptClient;
  }
  if (language === 'python') {
    await buildPythonClient();
    return pythonClient;
  }
  const directory = path.join(root, 'dist', 'clients', language);
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  // Each generator replaces `.ts` by its language's extension.
  const output = ['--output', path.join(directory, 'latchkey.ts'), '--docs'];
  await runRedocly('generate-client', contract, '--generator', language, ...output, ...(generated[language] ?? []));
  return directory;
}

const languages = process.argv.length > 2 ? process.argv.slice(2) : ['typescript'];
const known = ['typescript', 'python', ...Object.keys(generated)];
const unknown = languages.filter((language) => !known.includes(language));
if (unknown.length > 0) {
  process.stderr.write(`no client for ${unknown.join(', ')}; choose from ${known.join(', ')}\n`);
  process.exitCode = 2;
} else {
  for (const language of languages) {
    process.stdout.write(`wrote ${path.relative(process.cwd(), await buildClient(language))}\n`);
  }
}
