/** Python with what the client's tests need, kept between runs outside the checkout. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { pythonClient } from '../../openapi/tools/clients/python-package.ts';
import { execute } from './execute.ts';

const run = promisify(execFile);
const packages = ['flit_core==3.12.0', 'httpx==0.28.1', 'mypy==2.4.1', 'pyright==1.1.414'];
const cache = path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'latchkey-clients');
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
  const installed = path.join(directory, 'installed');
  // What builds the package is there already, so this needs no registry.
  const options = ['--no-index', '--no-deps', '--no-build-isolation', '--target', installed];
  await run(program, ['-m', 'pip', 'install', ...quiet, ...options, pythonClient]);
  const env = { ...process.env, PYTHONPATH: installed, MYPYPATH: installed, PYTHONDONTWRITEBYTECODE: '1' };
  const python = (args: string[]) => execute(program, args, { cwd: directory, env, timeout: 120_000 });
  let programs = 0;
  return {
    program,
    directory,
    async run(source, ...args) {
      const file = path.join(directory, `program_${programs++}.py`);
      await writeFile(file, source);
      return python(['-W', 'error', file, ...args]);
    },
    runModule: (...args) => python(['-m', ...args]),
    remove: () => rm(directory, { recursive: true, force: true }),
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
  const place = path.join(cache, createHash('sha256').update(packages.join()).digest('hex').slice(0, 12));
  const program = path.join(place, 'bin', 'python');
  if (await exists(program)) return { program };
  try {
    await run('python3', ['-c', 'import ensurepip, sys, venv; assert sys.version_info >= (3, 11)']);
  } catch {
    return { reason: 'it needs Python 3.11 or newer, with venv' };
  }
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(path.join(cache, 'draft-'));
  try {
    await run('python3', ['-m', 'venv', draft]);
    await run(path.join(draft, 'bin', 'python'), ['-m', 'pip', 'install', ...quiet, ...packages]);
    // Renamed into place whole; another test file may have been quicker.
    await rename(draft, place).catch(() => rm(draft, { recursive: true }));
    return { program };
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    return {
      reason: `its packages can't be installed: ${(error as { stderr?: string }).stderr?.trim().split('\n').at(-1)}`,
    };
  }
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
