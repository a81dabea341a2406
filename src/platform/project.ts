import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The project that the running code belongs to. */
export interface Project {
  /** The folder of package.json. */
  readonly root: string;
  readonly version: string;
}

/** Finds the project by searching upwards from this file, in src/ or in dist/. */
export function findProject(): Project {
  let root = import.meta.dirname;
  while (!existsSync(path.join(root, 'package.json'))) root = path.dirname(root);
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  return { root, version };
}
