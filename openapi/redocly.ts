import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { findProject } from '../src/config/project.ts';

const { root } = findProject();
const program = createRequire(import.meta.url).resolve('@redocly/cli/bin/cli.js');

/** Runs the Redocly command line in the project, without telemetry and notices; throws with what it said when it fails. */
export async function runRedocly(...args: string[]): Promise<void> {
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  try {
    await promisify(execFile)(process.execPath, [program, ...args], { cwd: root, env });
  } catch (error) {
    const output = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    throw new Error(`redocly ${args.join(' ')} failed:\n${output}`, { cause: error });
  }
}
