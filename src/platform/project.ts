import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The files of the project that the running server reads. */
export interface Project {
  /** The folder of package.json. */
  readonly root: string;
  readonly version: string;
}

/** Finds the project from this file upwards, whether it runs from src/ or from dist/. */
export function findProject(): Project {
  let root = import.meta.dirname;
  while (!existsSync(path.join(root, 'package.json'))) root = path.dirname(root);
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  return { root, version };
}
