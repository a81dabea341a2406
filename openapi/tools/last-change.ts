import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** The time of the latest change of a file, or of any file in a folder, in milliseconds; 0 if there is none. */
export async function lastChange(place: string): Promise<number> {
  const found = await stat(place).catch(() => undefined);
  if (!found?.isDirectory()) return found?.mtimeMs ?? 0;
  const entries = await readdir(place);
  return Math.max(found.mtimeMs, ...(await Promise.all(entries.map((entry) => lastChange(path.join(place, entry))))));
}

/** Whether a file is newer than all that it is made of. */
export async function isUpToDate(file: string, sources: readonly string[]): Promise<boolean> {
  const changes = await Promise.all(sources.map(lastChange));
  return (await lastChange(file)) >= Math.max(...changes);
}
