/** Compiles TypeScript as a stranger's project would, under `strict`. */
import ts from 'typescript';

/** Returns the compiler's errors for a program of these files; empty when there are none. */
export function compileStrictly(files: string[], changes: ts.CompilerOptions = {}): string {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
    strict: true,
    skipLibCheck: true,
    skipDefaultLibCheck: true,
    noEmit: true,
    ...changes,
  };
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram(files, options, host);
  return ts.formatDiagnostics(ts.getPreEmitDiagnostics(program), host);
}
