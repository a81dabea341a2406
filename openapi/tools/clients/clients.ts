/**
 * `npm run clients`: builds the TypeScript client in dist/clients/, or those for other languages, as in
 * `npm run clients -- python go java`. GO_MODULE and MAVEN_GROUP, if set, are the names by which Go and Java programs
 * require theirs.
 */
import path from 'node:path';
import { buildGoClient, goClient } from './go-package.ts';
import { buildJavaClient, javaClient } from './java-package.ts';
import { buildPythonClient, pythonClient } from './python-package.ts';
import { buildTypeScriptClient, typeScriptClient } from './typescript-package.ts';

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
    await buildJavaClient(process.env['MAVEN_GROUP']);
    return javaClient;
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
