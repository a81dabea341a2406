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

const usage = `use: npm run clients -- [${Object.keys(builders).join(' | ')} …]; without a language, typescript`;

const names: Record<string, readonly [RegExp, string]> = {
  GO_MODULE: [/^[\w.~-]+(?:\/[\w.~-]+)*$/, 'a module path, such as git.example.com/you/latchkey'],
  MAVEN_GROUP: [/^[\w-]+(?:\.[\w-]+)*$/, 'a groupId, such as org.acme'],
};

const given = process.argv.slice(2);
const languages = new Set(given.length > 0 ? given : ['typescript']);
const wrong = [
  ...[...languages]
    .filter((language) => !Object.hasOwn(builders, language))
    .map((name) => `there is no client for ${name}`),
  ...Object.entries(names)
    .filter(([name, [form]]) => process.env[name] && !form.test(process.env[name]))
    .map(([name, [, what]]) => `${name} is not ${what}`),
];
if (given.some((word) => ['--help', '-h'].includes(word))) process.stdout.write(`${usage}\n`);
else if (wrong.length > 0) {
  process.stderr.write(`${wrong.join('; ')}; ${usage}\n`);
  process.exitCode = 2;
} else {
  for (const language of languages) {
    const directory = await builders[language]?.();
    process.stdout.write(`wrote ${path.relative(process.cwd(), directory ?? '')}\n`);
  }
}
