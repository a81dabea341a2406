import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { EnvironmentReader } from './env.ts';

/** A file of the data directory, and what it contains when it is created. */
interface KeptFile {
  readonly directory: string;
  readonly name: string;
  readonly make: () => string;
}

/** Reads a secret that development keeps in the data directory, and creates it if it is missing. `undefined` if that fails. */
export function readKeptFile(env: EnvironmentReader, { directory, name, make }: KeptFile): string | undefined {
  const file = path.join(directory, name);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o711 });
    if (!existsSync(file)) createComplete(file, make());
  } catch (error) {
    const { code = 'an error' } = error as NodeJS.ErrnoException;
    // Another process may have been faster.
    if (!existsSync(file)) {
      const remedy = 'set one that this user can write to, on a disk with free space';
      env.refuse('DATA_DIR', `can't be written to (${code})`, remedy);
      return undefined;
    }
  }
  return readFileSync(file, 'utf8');
}

// Linked into place once complete, so that a full disk never leaves a short or empty secret.
function createComplete(file: string, content: string): void {
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, content, { mode: 0o600 });
    linkSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}
