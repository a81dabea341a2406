import { watch, type FSWatcher } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';

/**
 * Calls `onChange` with the name of each file that changes in a folder or below; returns a function that stops. It watches each folder,
 * new ones too: on Node 20, a recursive watcher loses a file that an editor replaces on saving.
 */
export async function watchFolder(root: string, onChange: (file: string) => void): Promise<() => void> {
  const watchers = new Map<string, FSWatcher>();

  async function watchNewFolders(): Promise<void> {
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    const folders = entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => path.join(entry.parentPath, entry.name));
    for (const folder of [root, ...folders].filter((one) => !watchers.has(one))) {
      const watcher = watch(folder, (event, file) => {
        if (event === 'rename') void watchNewFolders().catch(() => {});
        if (file !== null) onChange(file);
      });
      watchers.set(folder, watcher);
    }
  }

  await watchNewFolders();
  return () => {
    for (const watcher of watchers.values()) watcher.close();
  };
}
