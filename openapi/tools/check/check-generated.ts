/** `npm run check:generated`: fails if generated/ is out of date. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate } from '../generate/generate.ts';
import { root } from '../project.ts';

/** The files in generated/ that are out of date, missing or left over. */
export async function driftedFiles(): Promise<string[]> {
  const committed = path.join(root, 'generated');
  const fresh = await mkdtemp(path.join(tmpdir(), 'latchkey-generated-'));
  try {
    await generate(fresh);
    const files = [...new Set([...(await filesIn(fresh)), ...(await filesIn(committed))])].sort();
    const read = (directory: string, file: string) =>
      readFile(path.join(directory, file), 'utf8').catch(() => undefined);
    const differs = await Promise.all(
      files.map(async (file) => (await read(fresh, file)) !== (await read(committed, file))),
    );
    return files.filter((_file, index) => differs[index]);
  } finally {
    await rm(fresh, { recursive: true });
  }
}

async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const drifted = await driftedFiles();
  if (drifted.length > 0) {
    process.stderr.write(`generated/ is out of date (${drifted.join(', ')}); run: npm run generate\n`);
    process.exitCode = 1;
  }
}
