/** Bundles the compiled server and the packages that it uses into dist/server/. A start reads a few files instead of a thousand. */
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { root } from '../project.ts';

/** A package with a binary, and what packages try to load that Latchkey doesn't use: drivers of other databases, and other platforms. */
const outside = [
  'bcrypt',
  ...['better-sqlite3', 'mariadb/callback', 'mysql', 'mysql2', 'oracledb', 'pg-query-stream', 'sqlite3', 'tedious'],
  ...['cloudflare:sockets', 'pg-native'],
];

// Packages in CommonJS expect these, which a module lacks.
const commonJs = `import { createRequire as requireOf } from 'node:module';
const require = requireOf(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;`;

/** Keeps but the file names of packages in the source maps, which then are small enough to read at each start. */
const withoutLinesOfPackages: Plugin = {
  name: 'source maps without lines of packages',
  setup(bundler) {
    bundler.onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, async ({ path: file }) => {
      const map = btoa(JSON.stringify({ version: 3, sources: [path.basename(file)], mappings: 'AAAA' }));
      const source = await readFile(file, 'utf8');
      return { contents: `${source}\n//# sourceMappingURL=data:application/json;base64,${map}`, loader: 'js' };
    });
  },
};

/** Leaves outside what Latchkey imports when it needs it: in a bundle, a package in CommonJS would have only a default export there. */
const withoutPackagesOnDemand: Plugin = {
  name: 'no packages on demand',
  setup(bundler) {
    bundler.onResolve({ filter: /^[^./]/ }, ({ kind, importer }) =>
      kind === 'dynamic-import' && !importer.includes('node_modules') ? { external: true } : undefined,
    );
  },
};

/** Bundles the project in a folder, which the compiler has written to its dist/. */
export async function buildServer(project = root): Promise<void> {
  const folder = path.join(project, 'dist', 'server');
  await rm(folder, { recursive: true, force: true });
  await build({
    entryPoints: [path.join(project, 'dist', 'src', 'main.js')],
    outdir: folder,
    bundle: true,
    // What a command imports when it needs it stays a file of its own.
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: outside,
    banner: { js: commonJs },
    plugins: [withoutLinesOfPackages, withoutPackagesOnDemand],
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildServer();
