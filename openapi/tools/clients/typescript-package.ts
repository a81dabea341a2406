/** Compiles the TypeScript client from its two halves: openapi/clients/typescript and generated/client. */
import { copyFile, cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import ts from 'typescript';
import { isUpToDate } from '../last-change.ts';
import { root } from '../project.ts';

const written = path.join(root, 'openapi', 'clients', 'typescript');
const generated = path.join(root, 'generated', 'client');
const contract = path.join(root, 'generated', 'openapi.json');
const license = path.join(root, 'LICENSE');

/** The folder of the package, ready to be packed. */
export const typeScriptClient = path.join(root, 'dist', 'clients', 'typescript');

/** Builds the package, unless it is newer than its sources. */
export async function buildTypeScriptClient(announce: (message: string) => void): Promise<void> {
  const sources = [written, generated].map(async (folder) =>
    (await readdir(folder)).map((file) => path.join(folder, file)),
  );
  const all = [contract, license, import.meta.filename, ...(await Promise.all(sources)).flat()];
  if (await isUpToDate(typeScriptClient, all)) return;
  announce('building the TypeScript client');
  const draft = `${typeScriptClient}.draft`;
  await rm(draft, { recursive: true, force: true });
  await compile(path.join(draft, 'source'), path.join(draft, 'lib'));
  await writeFile(path.join(draft, 'package.json'), await packageJson());
  await copyFile(path.join(written, 'README.md'), path.join(draft, 'README.md'));
  await copyFile(license, path.join(draft, 'LICENSE'));
  await rm(typeScriptClient, { recursive: true, force: true });
  await rename(draft, typeScriptClient);
}

async function packageJson(): Promise<string> {
  const read = async (file: string) => JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  const { name, ...template } = await read(path.join(written, 'package.template.json'));
  const { version } = (await read(contract))['info'] as { version: string };
  return `${JSON.stringify({ name, version, ...template }, null, 2)}\n`;
}

/** Compiles both halves, brought together in `source`, for any platform that has `fetch`. */
async function compile(source: string, outDir: string): Promise<void> {
  await mkdir(source, { recursive: true });
  for (const folder of [written, generated]) await cp(folder, source, { recursive: true });
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
    rootDir: source,
    outDir,
  };
  const host = ts.createCompilerHost(options);
  const { writeFile: write } = host;
  // The compiler rewrites import extensions in JavaScript, but not in declarations.
  host.writeFile = (file, text, ...others) => {
    write(file, text.replaceAll(/(from '\.\/\w+)\.ts'/g, "$1.js'"), ...others);
  };
  const program = ts.createProgram([path.join(source, 'index.ts')], options, host);
  const faults = ts.getPreEmitDiagnostics(program);
  if (faults.length > 0) throw new Error(`the client does not compile:\n${ts.formatDiagnostics(faults, host)}`);
  program.emit();
  await rm(source, { recursive: true });
}
