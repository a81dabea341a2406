/** Before a command of package.json: builds. Where development dependencies are left out, what was built before is used as it is. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';
import { URL } from 'node:url';

const isInstalled = (name) => existsSync(new URL(`node_modules/${name}/package.json`, import.meta.url));
const isBuilt = ['src/main.js', 'docs.html', 'openapi.yaml'].every((file) =>
  existsSync(new URL(`dist/${file}`, import.meta.url)),
);

/** Ends with a line for people. */
function refuse(message) {
  process.stderr.write(`latchkey: ${message}\n`);
  process.exit(1);
}

if (!isInstalled('express')) refuse('nothing is installed here; run: npm ci');
if (isInstalled('typescript')) {
  const { npm_execpath: npm = 'npm' } = process.env;
  const { status } = spawnSync(process.execPath, [npm, 'run', '--silent', 'build'], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} else if (isBuilt) {
  process.stderr.write('latchkey: nothing is built without development dependencies; using dist/ as it is\n');
} else {
  refuse(
    'there is no dist/, and what builds it was left out (NODE_ENV=production or --omit=dev); ' +
      'run: npm ci --include=dev && npm run build',
  );
}
