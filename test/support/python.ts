/** Python with what the client's tests need, kept between runs outside the checkout. */
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { pythonClient } from '../../openapi/tools/clients/python-package.ts';
import { execute } from './execute.ts';
import { cache, hashOf, keep, keepBeside } from './kept.ts';

const run = promisify(execFile);
const packages = ['flit_core==3.12.0', 'httpx==0.28.1', 'mypy==2.4.1', 'pyright==1.1.414'];
const quiet = ['--quiet', '--disable-pip-version-check', '--timeout=15', '--retries=1'];

/** A Python in which the client is installed, and a directory for programs. */
export interface Python {
  readonly program: string;
  readonly directory: string;
  /** Runs a program and returns its output; throws with its messages when it fails. */
  run(source: string, ...args: string[]): Promise<string>;
  /** Runs an installed module, such as mypy, in the directory. */
  runModule(...args: string[]): Promise<string>;
  remove(): Promise<void>;
}

/** Installs the client with pip; returns why it can't, if Python or its packages are missing. */
export async function installPythonClient(): Promise<Python | string> {
  const environment = await prepareEnvironment();
  if (environment.reason !== undefined) return environment.reason;
  const { program } = environment;
  const directory = await mkdtemp(path.join(tmpdir(), 'latchkey-python-'));
  // What builds the package is there already, so this needs no registry.
  const options = ['--no-index', '--no-deps', '--no-build-isolation'];
  const installed = await keepBeside(pythonClient, (draft) =>
    run(program, ['-m', 'pip', 'install', ...quiet, ...options, '--target', draft, pythonClient]),
  );
  await symlink(installed, path.join(directory, 'installed'));
  const paths = { PYTHONPATH: installed, MYPYPATH: installed, MYPY_CACHE_DIR: path.join(cache, 'mypy') };
  const env = { ...process.env, ...paths, PYTHONDONTWRITEBYTECODE: '1' };
  let programs = 0;
  let runner: Runner | undefined;
  return {
    program,
    directory,
    async run(source, ...args) {
      const file = path.join(directory, `program_${programs++}.py`);
      await writeFile(file, source);
      runner ??= startRunner(program, { cwd: directory, env });
      return runner.run(file, args);
    },
    runModule: (...args) => execute(program, ['-m', ...args], { cwd: directory, env, timeout: 120_000 }),
    async remove() {
      runner?.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

interface Runner {
  run(file: string, args: string[]): Promise<string>;
  stop(): void;
}

/** Starts the process whose forks run programs, with warnings as errors. Most of a program's time would be loading the client. */
function startRunner(program: string, options: { cwd: string; env: NodeJS.ProcessEnv }): Runner {
  const script = path.join(import.meta.dirname, 'python-programs.py');
  const child = spawn(program, ['-W', 'error', script], { ...options, stdio: ['pipe', 'pipe', 'inherit'] });
  const running = new Map<string, (status: number) => void>();
  createInterface(child.stdout).on('line', (line) => {
    const [file, status] = JSON.parse(line) as [string, number];
    running.get(file)?.(status);
  });
  return {
    async run(file, args) {
      const ended = new Promise<number>((resolve) => running.set(file, resolve));
      child.stdin.write(`${JSON.stringify([file, ...args])}\n`);
      const status = await ended;
      const [said, errors] = await Promise.all(['out', 'err'].map((ending) => readFile(`${file}.${ending}`, 'utf8')));
      if (status !== 0) throw new Error(`${said}${errors}`);
      return said!;
    },
    stop: () => child.stdin.end(),
  };
}

/** Installs the client for the suite, or skips the suite with a message. */
export function usePythonClient(): Python {
  let python: Python | undefined;
  before('install the Python client', async function () {
    this.timeout(180_000);
    const installed = await installPythonClient();
    if (typeof installed === 'string') {
      process.stdout.write(`  skipped the Python client: ${installed}\n`);
      return this.skip();
    }
    python = installed;
  });
  after('remove it', () => python?.remove());
  return new Proxy({} as Python, {
    get: (_target, name) => Reflect.get(python ?? {}, name) as unknown,
  });
}

type Environment = { readonly program: string; readonly reason?: never } | { readonly reason: string };

async function prepareEnvironment(): Promise<Environment> {
  const place = path.join(cache, hashOf(packages.join()));
  const program = path.join(place, 'bin', 'python');
  try {
    await keep(place, install);
    return { program };
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim().split('\n').at(-1);
    return { reason: `it needs Python 3.11 or newer, with venv and packages: ${said}` };
  }
}

async function install(place: string): Promise<void> {
  await run('python3', ['-c', 'import ensurepip, sys, venv; assert sys.version_info >= (3, 11)']);
  await run('python3', ['-m', 'venv', place]);
  await run(path.join(place, 'bin', 'python'), ['-m', 'pip', 'install', ...quiet, ...packages]);
}
