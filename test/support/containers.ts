/** Containers, run with the commands that an operator uses. */
import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Whether an engine answers within ten seconds. */
export async function engineAnswers(): Promise<boolean> {
  return run('docker', ['version', '--format', '{{.Server.Version}}'], { timeout: 10_000 }).then(
    () => true,
    () => false,
  );
}

/** Returns what `docker` prints, trimmed; throws with its error message when it fails. */
export async function docker(...args: string[]): Promise<string> {
  const { stdout } = await run('docker', args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout.trim();
}

/** Runs a container to its end, with `input` on its standard input. */
export async function runToEnd(args: string[], input = ''): Promise<Ended> {
  const child = spawn('docker', ['run', '--rm', '--interactive', ...args], { stdio: 'pipe' });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.on('error', () => {}); // it may exit without reading
  child.stdin.end(input);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { status, stdout, stderr };
}

/** Builds the image as an operator does, on the host's network so that npm reaches its registry. */
export async function buildImage(tag: string, ...options: string[]): Promise<void> {
  process.stdout.write(`building ${tag}; this takes minutes without a cache\n`);
  await docker('build', '--network=host', '--file', 'docker/Dockerfile', '--tag', tag, ...options, '.');
}
