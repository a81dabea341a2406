import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * Deletes what else is in a folder. A build writes before it deletes, never the other way round: another one, or a server that starts,
 * may be reading.
 */
export async function keepOnly(folder: string, names: Iterable<string>): Promise<void> {
  const kept = new Set(names);
  const others = (await readdir(folder)).filter((name) => !kept.has(name));
  await Promise.all(others.map((name) => rm(path.join(folder, name), { recursive: true, force: true })));
}
