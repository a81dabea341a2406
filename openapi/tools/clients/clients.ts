/**
 * `npm run clients`: builds the TypeScript client in dist/clients/, or those for other languages, as in
 * `npm run clients -- python go java`. GO_MODULE, if set, is the path by which Go programs import theirs.
 */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../project.ts';
import { runRedocly } from '../redocly.ts';
import { buildGoClient, goClient } from './go-package.ts';
import { buildPythonClient, pythonClient } from './python-package.ts';
import { buildTypeScriptClient, typeScriptClient } from './typescript-package.ts';

const contract = path.join(root, 'generated', 'openapi.json');

/** Each builds a client and returns its folder. */
const builders: Record<string, () => Promise<string>> = {
  async typescript() {
    await buildTypeScriptClient(() => {});
    return typeScriptClient;
  },
  async python() {
    await buildPythonClient();
    return pythonClient;
  },
  async go() {
    await buildGoClient(process.env['GO_MODULE']);
    return goClient;
  },
  async java() {
    const directory = path.join(root, 'dist', 'clients', 'java');
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true });
    // The generator replaces `.ts` by its language's extension.
    const output = ['--output', path.join(directory, 'latchkey.ts'), '--docs'];
    await runRedocly('generate-client', contract, '--generator', 'java', ...output);
    return directory;
  },
};

const languages = process.argv.length > 2 ? process.argv.slice(2) : ['typescript'];
const unknown = languages.filter((language) => !(language in builders));
if (unknown.length > 0) {
  process.stderr.write(`no client for ${unknown.join(', ')}; choose from ${Object.keys(builders).join(', ')}\n`);
  process.exitCode = 2;
} else {
  for (const language of languages) {
    const directory = await builders[language]?.();
    process.stdout.write(`wrote ${path.relative(process.cwd(), directory ?? '')}\n`);
  }
}
