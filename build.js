/** Builds before a command of package.json. Without development dependencies, it keeps the existing build. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';
import { URL } from 'node:url';

const isInstalled = (name) => existsSync(new URL(`node_modules/${name}/package.json`, import.meta.url));
const isBuilt = ['server/main.js', 'docs.html', 'openapi.yaml', 'web/pages.json'].every((file) =>
  existsSync(new URL(`dist/${file}`, import.meta.url)),
);

/** Exits with a one-line message. */
function refuse(message) {
  process.stderr.write(`latchkey: ${message}\n`);
  process.exit(1);
}

if (!isInstalled('express')) refuse('dependencies are not installed; run: npm ci');
if (isInstalled('typescript')) {
  const { npm_execpath: npm = 'npm' } = process.env;
  // Standard output is the command's own: people send it to files and programs.
  const stdio = ['inherit', process.stderr, process.stderr];
  const { status } = spawnSync(process.execPath, [npm, 'run', '--silent', 'build'], { stdio });
  process.exitCode = status ?? 1;
} else if (isBuilt) {
  process.stderr.write('latchkey: development dependencies are not installed; using the existing dist/\n');
} else {
  refuse(
    'there is no dist/, and the development dependencies that build it are not installed (NODE_ENV=production or --omit=dev); ' +
      'run: npm ci --include=dev && npm run build',
  );
}
