/** `npm run dev`: runs the server from its sources and restarts it when they change; regenerates when the contract changes. */
import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildDocs } from './docs/docs.ts';
import { buildPages } from './pages/pages.ts';
import { generate } from './generate/generate.ts';
import { root } from './project.ts';
import { watchFolder } from './watch.ts';

const settleMs = 200;
const say = (message: string) => void process.stdout.write(`${message}\n`);

/** Writes generated/ and the docs. They are copied from a complete draft, so that the server never starts on half of it. */
async function regenerate(): Promise<void> {
  say('the contract changed: regenerating');
  const draft = await mkdtemp(path.join(tmpdir(), 'latchkey-generated-'));
  try {
    await generate(draft);
    await cp(draft, path.join(root, 'generated'), { recursive: true });
    await buildDocs(say);
  } finally {
    await rm(draft, { recursive: true });
  }
}

let regenerating = Promise.resolve();
let timer: NodeJS.Timeout | undefined;
function regenerateSoon(): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    regenerating = regenerating
      .then(regenerate)
      .catch((error: unknown) => say(`not regenerated: ${(error as Error).message}`));
  }, settleMs);
}

await buildDocs(say);
await buildPages(say);
await watchFolder(path.join(root, 'openapi'), (file) => {
  if (file.endsWith('.yaml') || file === 'guide.md') regenerateSoon();
});
const tsx = createRequire(import.meta.url).resolve('tsx/cli');
const also = ['generated/openapi.json', 'dist/docs.html', 'migrations/*.ts'].flatMap((files) => ['--include', files]);
const args = [tsx, 'watch', '--clear-screen=false', ...also, 'src/main.ts', 'serve'];
const server = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
// The terminal sends Ctrl-C to the server too; this process exits after it.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => server.kill('SIGTERM'));
server.once('exit', (status) => process.exit(status ?? 1));
