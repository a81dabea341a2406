/** Programs in Go that use the client. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { goClient } from '../../openapi/tools/clients/go-package.ts';
import { execute } from './execute.ts';

/** A directory of a Go module that requires the client. */
export interface GoProject {
  readonly directory: string;
  write(file: string, source: string): Promise<void>;
  /** Runs the go command; throws with its messages when it fails. */
  go(...args: string[]): Promise<string>;
}

/** Makes such a module for the suite, or skips the suite with a message. */
export function useGoProject(): GoProject {
  let directory: string;

  before('make a Go module', async function () {
    try {
      await execute('go', ['version'], { cwd: tmpdir() });
    } catch {
      process.stdout.write('  skipped the Go client: go is missing\n');
      return this.skip();
    }
    directory = await mkdtemp(path.join(tmpdir(), 'latchkey-go-'));
    await project.write(
      'go.mod',
      `module programs\n\ngo 1.24\n\nrequire example.com/latchkey v0.0.0\n\nreplace example.com/latchkey => ${goClient}\n`,
    );
  });
  after('remove it', () => directory && rm(directory, { recursive: true, force: true }));

  const project: GoProject = {
    get directory() {
      return directory;
    },
    write: (file, source) => writeFile(path.join(directory, file), source),
    // The client has no dependencies, so this needs no proxy.
    go: (...args) =>
      execute('go', args, { cwd: directory, env: { ...process.env, GOPROXY: 'off', GOTOOLCHAIN: 'local' } }),
  };
  return project;
}
