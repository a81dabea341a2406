/** What tests fetch or compile once and keep between runs. */
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

/** Where to keep what outlasts the checkout. */
export const cache = path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'latchkey-clients');

/** Fills a folder, unless it is there already. */
export async function keep(folder: string, fill: (draft: string) => Promise<unknown>): Promise<void> {
  if (await exists(folder)) return;
  await mkdir(path.dirname(folder), { recursive: true });
  const draft = await mkdtemp(`${folder}-draft-`);
  try {
    await fill(draft);
    // Renamed into place whole; another test file may have been quicker.
    await rename(draft, folder).catch(() => {});
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Keeps beside a folder what is made of its files, until they change; returns where. */
export async function keepBeside(source: string, make: (draft: string) => Promise<unknown>): Promise<string> {
  const entries = await readdir(source, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => path.join(parentPath, name));
  const texts = await Promise.all(files.sort().map(async (file) => file + (await readFile(file, 'utf8'))));
  const made = `${source}-${hashOf(texts.join())}`;
  await keep(made, make);
  return made;
}

/** What tells one text from another. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
