/** Runs code samples from the docs as if a reader had pasted them; those in Python are run by `Python`. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect, promisify } from 'node:util';
import ts from 'typescript';
import { aPng } from './pictures.ts';

const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext };
const root = path.join(import.meta.dirname, '..', '..');
const endings = { Shell: 'sh', TypeScript: 'mts' };

export type SampleLanguage = keyof typeof endings;

/** A folder for samples, with the client installed. */
export interface SampleFolder {
  /** Writes a sample into a file. */
  write(name: string, language: SampleLanguage, source: string): Promise<string>;
  /** Runs a sample and returns its output; throws when it fails. */
  run(name: string, language: SampleLanguage, source: string, env?: Record<string, string>): Promise<string>;
  remove(): Promise<void>;
}

export async function makeSampleFolder(): Promise<SampleFolder> {
  const folder = await mkdtemp(path.join(root, 'test', 'contract', '.sample-'));
  const scope = path.join(folder, 'node_modules', '@latchkey');
  await mkdir(scope, { recursive: true });
  await symlink(path.join(root, 'dist', 'clients', 'typescript'), path.join(scope, 'client'));
  await writeFile(path.join(folder, 'picture.png'), aPng());
  const write: SampleFolder['write'] = async (name, language, source) => {
    const file = path.join(folder, `${name}.${endings[language]}`);
    await writeFile(file, source);
    return file;
  };
  return {
    write,
    async run(name, language, source, env = {}) {
      if (language === 'TypeScript') return load(path.join(folder, `${name}.mjs`), source);
      const options = { cwd: folder, env: { ...process.env, ...env } };
      return (await promisify(execFile)('bash', ['-e', await write(name, language, source)], options)).stdout;
    },
    remove: () => rm(folder, { recursive: true }),
  };
}

/** Runs a module in this process, since starting another takes far longer. Its types are checked elsewhere. */
async function load(file: string, source: string): Promise<string> {
  await writeFile(file, ts.transpileModule(source, { compilerOptions }).outputText);
  const printed: unknown[] = [];
  const { log } = console;
  console.log = (...values) => void printed.push(...values);
  try {
    await import(pathToFileURL(file).href);
  } finally {
    console.log = log;
  }
  return printed.map((value) => inspect(value)).join('\n');
}
