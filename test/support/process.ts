/** Runs the built Latchkey as a separate process. The global set-up builds it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

const root = path.join(import.meta.dirname, '..', '..');
/** The program, as it ships. */
export const main = path.join(root, 'dist', 'server', 'main.js');

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningServer {
  readonly origin: string;
  readonly child: ChildProcess;
  /** Its log so far, one object per line. */
  log(): Record<string, unknown>[];
  /** Sends a signal and waits for the exit. */
  stop(signal?: NodeJS.Signals): Promise<Finished>;
}

type Variables = Record<string, string>;

/** How long tests that are about something else wait for a database on a busy machine. */
export const patientMs = '60000';

/** Runs a command to its end, with `input` on its standard input. */
export async function runCommand(
  args: string[],
  variables: Variables,
  input: string | Uint8Array = '',
  directory = root,
): Promise<Finished> {
  const { child, finished } = launch(args, variables, directory);
  child.stdin?.end(input);
  return finished;
}

/** Starts a server and waits until it listens. Throws with its error output if it exits instead. */
export async function startServer(variables: Variables): Promise<RunningServer> {
  const { child, finished } = launch(['serve'], {
    PORT: '0',
    LOG_FORMAT: 'json',
    BCRYPT_COST: '4',
    ...variables,
  });
  const lines: Record<string, unknown>[] = [];
  const address = new Promise<string>((resolve) => {
    createInterface(child.stdout!).on('line', (line) => {
      if (line.startsWith('{')) lines.push(JSON.parse(line) as Record<string, unknown>);
      const found = /docs {6}(http:\/\/[^/]+)\/docs/.exec(line)?.[1];
      if (found) resolve(found);
    });
  });
  const origin = await Promise.race([address, finished]);
  if (typeof origin !== 'string') throw new Error(`the server exited with ${origin.status}: ${origin.stderr}`);
  return {
    origin,
    child,
    log: () => lines,
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return finished;
    },
  };
}

/** Starts a command in a directory without waiting. */
export function launch(args: string[], variables: Variables, directory = root) {
  const env = {
    PATH: process.env['PATH'],
    npm_lifecycle_event: 'start',
    HOME: process.env['HOME'],
    NODE_V8_COVERAGE: process.env['NODE_V8_COVERAGE'],
    DATABASE_CONNECT_TIMEOUT_MS: patientMs,
  };
  const child = spawn(process.execPath, [main, ...args], {
    cwd: directory,
    env: { ...env, ...variables },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const finished = once(child, 'close').then((): Finished => ({ status: child.exitCode, stdout, stderr }));
  return { child: child as ChildProcess, finished, output: () => stdout };
}
