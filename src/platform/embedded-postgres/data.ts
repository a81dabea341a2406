import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EmbeddedPostgresError, findBinaries, changeOwner, initialize, type Runner } from './binaries.ts';

const majorVersion = '18';

/** The superuser, which creates what the service needs; the database has the same name. */
export const superuser = 'latchkey';

/** Whether a directory contains the data of a PostgreSQL. Throws an EmbeddedPostgresError if this user can't tell. */
export async function hasData(directory: string): Promise<boolean> {
  try {
    return await exists(path.join(directory, 'data', 'PG_VERSION'));
  } catch (error) {
    if (!isFileError(error)) throw error;
    if (error.code === 'ENOTDIR') return false;
    const remedy = "run this as the server's user, or set another DATA_DIR";
    throw new EmbeddedPostgresError(`${directory} can't be read (${error.code}); ${remedy}`, { cause: error });
  }
}

/** Creates the data of a PostgreSQL beside its place and moves it there when complete, so that an interruption leaves nothing incomplete. */
export async function createData(directory: string, data: string, runner: Runner): Promise<void> {
  const draft = await mkdtemp(path.join(directory, 'draft-'));
  const secret = `${draft}.password`;
  try {
    await writeFile(secret, makePassword(), { mode: 0o600 });
    await changeOwner(runner, directory);
    await initialize(await findBinaries(), runner, draft, superuser, secret);
    await rename(secret, passwordFile(draft));
    await rename(draft, data).catch((error: unknown) => {
      // Another process was faster; use its folder.
      if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
    await rm(secret, { force: true });
  }
}

/** Throws an EmbeddedPostgresError for data of another major version. */
export async function checkVersion(data: string): Promise<void> {
  const version = (await readFile(path.join(data, 'PG_VERSION'), 'utf8')).trim();
  if (version === majorVersion) return;
  throw new EmbeddedPostgresError(
    `${data} was created by PostgreSQL ${version}, and this is ${majorVersion}; ` +
      'set another DATA_DIR, or dump it with the old version and load it into the new one',
  );
}

export async function readSuperuserPassword(data: string): Promise<string> {
  return (await readFile(passwordFile(data), 'utf8')).trim();
}

/** 32 random characters that need no escaping in SQL or in a URL. */
export function makePassword(): string {
  return randomBytes(24).toString('base64url');
}

function passwordFile(data: string): string {
  return path.join(data, 'latchkey.password');
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    (error: unknown) => {
      if (isFileError(error) && error.code === 'ENOENT') return false;
      throw error;
    },
  );
}

export function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}
