/** Runs the tools of other languages. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs a command and returns its output; throws with its messages when it fails. */
export async function execute(
  command: string,
  args: string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv; timeout?: number },
): Promise<string> {
  try {
    return (await promisify(execFile)(command, args, options)).stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(stdout + stderr || String(error), { cause: error });
  }
}
