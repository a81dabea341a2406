import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { root } from './project.ts';

const program = createRequire(import.meta.url).resolve('@redocly/cli/bin/cli.js');

/**
 * Runs the Redocly command line in the project, without telemetry and update notices. Returns its output; throws with its messages if
 * it fails.
 */
export async function runRedocly(...args: string[]): Promise<string> {
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  try {
    // A comparison repeats both sides of every change and soon exceeds Node's default of 1 MB.
    const options = { cwd: root, env, maxBuffer: 256 * 1024 * 1024 };
    const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], options);
    return stdout;
  } catch (error) {
    const output = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    throw new Error(`redocly ${args.join(' ')} failed:\n${output}`, { cause: error });
  }
}
