/** Bundles the compiled server and the packages that it uses into dist/server/. A start reads a few files instead of a thousand. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type OutputFile, type Plugin } from 'esbuild';
import { keepOnly } from '../keep-only.ts';
import { isUpToDate } from '../last-change.ts';
import { root } from '../project.ts';

/** A package with a binary, and what packages try to load that Latchkey doesn't use. */
const outside = ['bcrypt', 'pg-query-stream', 'pg-native', 'cloudflare:sockets'];

/** What packages bring for what Latchkey doesn't do: other databases, and bodies that are not in UTF-8. */
const unused = new RegExp(
  [
    String.raw`knex[\\/]lib[\\/]dialects[\\/](better-sqlite3|cockroachdb|mariadb|mssql|mysql2?|oracle|oracledb|pgnative|redshift|sqlite3)[\\/]`,
    String.raw`iconv-lite[\\/]encodings[\\/]tables[\\/]`,
  ].join('|'),
);

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

/** Their source would only take memory. */
const withoutUnusedParts: Plugin = {
  name: 'no parts that are not used',
  setup(bundler) {
    bundler.onLoad({ filter: unused }, () => ({ contents: '' }));
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

/** Bundles the project in a folder, which the compiler has written to its dist/, unless that was done since. */
export async function buildServer(project = root): Promise<void> {
  const dist = path.join(project, 'dist');
  const folder = path.join(dist, 'server');
  const main = path.join(folder, 'main.js');
  const sources = [
    ...['src', 'generated'].map((name) => path.join(dist, name)),
    path.join(project, 'package-lock.json'),
    own,
  ];
  if (await isUpToDate(main, sources)) return;
  const { outputFiles } = await build({
    entryPoints: [path.join(dist, 'src', 'main.js')],
    outdir: folder,
    write: false,
    bundle: true,
    // What a command imports when it needs it stays a file of its own.
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: outside,
    banner: { js: commonJs },
    plugins: [withoutUnusedParts, withoutLinesOfPackages, withoutPackagesOnDemand],
    // A third less to read and to keep. Names stay, for stack traces.
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  });
  await mkdir(folder, { recursive: true });
  // The program last, which says that the rest is there. A server that runs from here meanwhile finds what it needs.
  const isMain = ({ path: file }: OutputFile) => file === main;
  for (const file of outputFiles.toSorted((one, other) => Number(isMain(one)) - Number(isMain(other)))) {
    await writeFile(file.path, file.contents);
  }
  await keepOnly(
    folder,
    outputFiles.map((file) => path.basename(file.path)),
  );
}

const own = fileURLToPath(import.meta.url);

if (process.argv[1] === own) await buildServer();
