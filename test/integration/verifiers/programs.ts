/** The examples of openapi/verifiers/: how each is installed and started here. */
import { execFile, spawn } from 'node:child_process';
import { cp, mkdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);
const examples = path.resolve('openapi', 'verifiers');
// Outside the checkout, so that it is filled once.
const cache = path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'latchkey-verifiers');

type Variables = Record<string, string>;

/** A program that listens on a port of 127.0.0.1. */
export interface RunningProgram {
  readonly origin: string;
  stop(): void;
}

/** How to run an example; `needs` tells whether its toolchain is here. */
interface Example {
  readonly needs: readonly [string, ...string[]];
  /** Installs it into a directory that has its files; may be called again. */
  install(directory: string): Promise<unknown>;
  readonly command: (directory: string) => readonly [string, ...string[]];
}

const network = { timeout: 120_000 };
const exists = (file: string) =>
  stat(file).then(
    () => true,
    () => false,
  );

export const languages: Readonly<Record<string, Example>> = {
  node: {
    needs: ['node', '--version'],
    async install(cwd) {
      if (await exists(path.join(cwd, 'node_modules', 'jose'))) return;
      await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], { cwd, ...network });
    },
    command: (directory) => [process.execPath, path.join(directory, 'verifier.js')],
  },
  python: {
    needs: ['python3', '-c', 'import venv, ssl; import sys; assert sys.version_info >= (3, 9)'],
    async install(cwd) {
      const python = path.join(cwd, 'environment', 'bin', 'python');
      if (await exists(path.join(cwd, 'installed'))) return;
      await run('python3', ['-m', 'venv', '--clear', path.join(cwd, 'environment')], network);
      const options = ['--quiet', '--disable-pip-version-check', '--timeout=15', '--retries=1'];
      await run(python, ['-m', 'pip', 'install', ...options, '--requirement', 'requirements.txt'], { cwd, ...network });
      await mkdir(path.join(cwd, 'installed'));
    },
    command: (directory) => [path.join(directory, 'environment', 'bin', 'python'), path.join(directory, 'verifier.py')],
  },
  go: {
    needs: ['go', 'version'],
    install: (cwd) => run('go', ['build', '-o', 'verifier', '.'], { cwd, ...network }),
    command: (directory) => [path.join(directory, 'verifier')],
  },
  java: {
    needs: ['mvn', '--version'],
    async install(cwd) {
      const libraries = path.join(cwd, 'lib');
      const copy = ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${libraries}`];
      if (!(await exists(libraries))) await run('mvn', copy, { cwd, ...network });
      await run('javac', ['-Xlint:all', '-Werror', '-proc:none', '-cp', path.join(libraries, '*'), 'Verifier.java'], {
        cwd,
        ...network,
      });
    },
    command: (directory) => ['java', '-cp', `${path.join(directory, 'lib', '*')}:${directory}`, 'Verifier'],
  },
};

/** Installs an example; returns how to start it, or why it is skipped. */
export async function install(language: string): Promise<((variables: Variables) => Promise<RunningProgram>) | string> {
  const example = languages[language]!;
  const { needs, command } = example;
  const [tool, ...args] = needs;
  const directory = path.join(cache, language);
  try {
    await run(tool, args, { timeout: 30_000 });
  } catch {
    return `${tool} is missing`;
  }
  await mkdir(directory, { recursive: true });
  await cp(path.join(examples, language), directory, { recursive: true });
  try {
    await example.install(directory);
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    if (!isOffline(stderr)) throw error;
    return "its packages can't be downloaded";
  }
  return (variables) => start(command(directory), variables);
}

function isOffline(output: string): boolean {
  return /ENOTFOUND|ECONNREFUSED|ETIMEDOUT|NameResolution|Temporary failure|no such host|Could not transfer|No matching distribution|dial tcp/i.test(
    output,
  );
}

async function start(
  [program, ...args]: readonly [string, ...string[]],
  variables: Variables,
): Promise<RunningProgram> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(program, args, {
    env: { PATH, HOME, PORT: '0', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const port = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const [, found] = /^listening on (\d+)$/.exec(line) ?? [];
      if (found) resolve(found);
    });
    child.once('error', reject);
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.once('exit', (code) => reject(new Error(`${program} exited with ${code}: ${said}`)));
  });
  return { origin: `http://127.0.0.1:${port}`, stop: () => void child.kill('SIGKILL') };
}
