/** `npm run check:generated`: fails when generated/ is not what the contract makes. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../project.ts';
import { generate } from '../generate/generate.ts';

const committed = path.join(root, 'generated');
const fresh = await mkdtemp(path.join(tmpdir(), 'latchkey-generated-'));
try {
  await generate(fresh);
  const files = [...new Set([...(await filesIn(fresh)), ...(await filesIn(committed))])].sort();
  const read = (directory: string, file: string) => readFile(path.join(directory, file), 'utf8').catch(() => '');
  const differs = await Promise.all(
    files.map(async (file) => (await read(fresh, file)) !== (await read(committed, file))),
  );
  const drifted = files.filter((_file, index) => differs[index]);
  if (drifted.length > 0) {
    process.stderr.write(`generated/ is not what openapi/ makes (${drifted.join(', ')}); run: npm run generate\n`);
    process.exitCode = 1;
  }
} finally {
  await rm(fresh, { recursive: true });
}

// Both sides are listed, so that what the contract makes no more is found too.
async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)));
}
