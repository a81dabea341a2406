/** Runs code samples from the docs as if a reader had pasted them; those in Python are run by `Python`. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { aPng } from './pictures.ts';

const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext };
const root = path.join(import.meta.dirname, '..', '..');
const programs = {
  Shell: { ending: 'sh', command: 'bash', args: ['-e'] },
  TypeScript: { ending: 'mts', command: process.execPath, args: [] },
};

export type SampleLanguage = keyof typeof programs;

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
    const file = path.join(folder, `${name}.${programs[language].ending}`);
    await writeFile(file, source);
    return file;
  };
  return {
    write,
    async run(name, language, source, env = {}) {
      // Without its types, so that Node needs no loader; they are checked elsewhere.
      const file = language === 'TypeScript' ? path.join(folder, `${name}.mjs`) : await write(name, language, source);
      if (language === 'TypeScript') await writeFile(file, ts.transpileModule(source, { compilerOptions }).outputText);
      const { command, args } = programs[language];
      const options = { cwd: folder, env: { ...process.env, ...env } };
      return (await promisify(execFile)(command, [...args, file], options)).stdout;
    },
    remove: () => rm(folder, { recursive: true }),
  };
}
