/** Makes the TypeScript client: compiles openapi/clients/typescript with the types and the operations of the contract. */
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import ts from 'typescript';
import { root } from '../project.ts';
import { typesOf } from '../generate/types.ts';
import { contractModule, type ClientDocument } from './typescript-contract.ts';

const sources = path.join(root, 'openapi', 'clients', 'typescript');
const notice = '/* Made by `npm run generate` from openapi/. Do not edit. */\n';

/** Writes the whole package into `directory`, in place of what was there. */
export async function makeTypeScriptClient(document: ClientDocument, directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  const lib = path.join(directory, 'lib');
  await mkdir(lib, { recursive: true });
  const schema = notice + (await typesOf(document, { openEnums: 'read' }));
  compile(lib, {
    [path.join(sources, 'schema.d.ts')]: schema,
    [path.join(sources, 'contract.ts')]: notice + contractModule(document),
  });
  await writeFile(path.join(lib, 'schema.d.ts'), schema);
  await writeFile(path.join(directory, 'package.json'), await packageJson(document.info.version));
  await copyFile(path.join(sources, 'README.md'), path.join(directory, 'README.md'));
  await copyFile(path.join(root, 'LICENSE'), path.join(directory, 'LICENSE'));
}

async function packageJson(version: string): Promise<string> {
  const read = async (file: string) => JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  const { name, ...template } = await read(path.join(sources, 'package.template.json'));
  return `${JSON.stringify({ name, version, ...template }, null, 2)}\n`;
}

/** Compiles the sources, as if `made` stood among them, for any platform that has `fetch`. */
function compile(outDir: string, made: Record<string, string>): void {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    skipLibCheck: true,
    rewriteRelativeImportExtensions: true,
    declaration: true,
    newLine: ts.NewLineKind.LineFeed,
    rootDir: sources,
    outDir,
  };
  const host = ts.createCompilerHost(options);
  const disk = { ...host };
  const standsAside = path.join(sources, 'schema.ts');
  host.readFile = (file) => made[path.resolve(file)] ?? disk.readFile(file);
  host.fileExists = (file) =>
    path.resolve(file) !== standsAside && (path.resolve(file) in made || disk.fileExists(file));
  // The compiler rewrites the endings of imports in JavaScript only.
  host.writeFile = (file, text, ...others) =>
    disk.writeFile(file, text.replaceAll(/(from '\.\/\w+)\.ts'/g, "$1.js'"), ...others);
  const program = ts.createProgram([path.join(sources, 'index.ts')], options, host);
  const faults = ts.getPreEmitDiagnostics(program);
  if (faults.length > 0) throw new Error(`the client does not compile:\n${ts.formatDiagnostics(faults, host)}`);
  program.emit();
}
