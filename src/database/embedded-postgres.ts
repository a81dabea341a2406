import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import {
  EmbeddedPostgresError,
  findBinaries,
  findRunner,
  giveTo,
  initialize,
  type Runner,
} from './postgres-binaries.ts';

/** A running PostgreSQL. */
export interface EmbeddedPostgres {
  readonly url: string;
  /** Whether it belongs to another process, which `stop` leaves alone. */
  readonly shared: boolean;
  readonly stop: () => Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Made when it is missing. */
  readonly directory: string;
  /** Is told what happens. */
  readonly announce: (message: string) => void;
  /** Settings of postgresql.conf that differ from the usual. */
  readonly settings?: Record<string, string>;
  /** What to do when another process uses the directory; tools that run beside a server share. */
  readonly whenInUse: 'refuse' | 'share';
}

const user = 'latchkey';
const majorVersion = '18';
const ownerLock = 0x6c617463; // held by the process that the server belongs to, for as long as it lives
const pollMs = 25;
const patienceMs = 30_000;

/** A postmaster, by its process id and port. */
interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

/** Starts the PostgreSQL of a directory, or takes over one whose owner died. Throws an EmbeddedPostgresError. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  try {
    return await startOrTakeOver(options);
  } catch (error) {
    if (!isFileError(error)) throw error;
    const message = `${options.directory} can't be used (${error.message}); set a DATA_DIR that this user can write`;
    throw new EmbeddedPostgresError(message, { cause: error });
  }
}

/** Whether a PostgreSQL was made in a directory. */
export async function hasData(directory: string): Promise<boolean> {
  return exists(path.join(directory, 'data', 'PG_VERSION'));
}

async function startOrTakeOver(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { directory, announce } = options;
  const data = path.join(directory, 'data');
  const runner = await findRunner(data);
  // Another user that runs it has to get through the folders above.
  await mkdir(path.dirname(directory), { recursive: true, mode: runner.user ? 0o711 : 0o700 });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if (!(await hasData(directory))) {
    announce(`creating a PostgreSQL in ${directory}`);
    await createData(directory, data, runner);
  }
  await checkVersion(data);
  const password = (await readFile(passwordFile(data), 'utf8')).trim();
  const found = await findRunning(data, password);
  if (found) return takeOver(found, password, options);
  announce('starting PostgreSQL');
  return start(data, password, runner, options);
}

// A folder that was made completely is moved into place, so that an interruption leaves nothing half-made there.
async function createData(directory: string, data: string, runner: Runner): Promise<void> {
  const draft = await mkdtemp(path.join(directory, 'draft-'));
  const secret = `${draft}.password`;
  try {
    await writeFile(secret, randomBytes(24).toString('base64url'), { mode: 0o600 });
    await giveTo(runner, directory);
    await initialize(await findBinaries(), runner, draft, user, secret);
    await rename(secret, passwordFile(draft));
    await rename(draft, data).catch((error: unknown) => {
      // Another process was faster; its folder serves as well.
      if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
    await rm(secret, { force: true });
  }
}

async function checkVersion(data: string): Promise<void> {
  const version = (await readFile(path.join(data, 'PG_VERSION'), 'utf8')).trim();
  if (version === majorVersion) return;
  throw new EmbeddedPostgresError(
    `${data} was made by PostgreSQL ${version}, this is ${majorVersion}; ` +
      'set another DATA_DIR, or dump it with the old version and load it into the new',
  );
}

async function findRunning(
  data: string,
  password: string,
): Promise<{ postmaster: Postmaster; client: pg.Client } | undefined> {
  const postmaster = await readPostmaster(data);
  if (!postmaster) return undefined;
  const client = await connect(postmaster.port, password).catch(() => undefined);
  return client && { postmaster, client };
}

async function takeOver(
  found: { postmaster: Postmaster; client: pg.Client },
  password: string,
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const { postmaster, client } = found;
  if (!(await lock(client))) return visit(found, password, options);
  options.announce('taking over the PostgreSQL that an earlier process left running');
  const url = await databaseUrl(client, postmaster.port, password);
  return { url, shared: false, stop: onlyOnce(() => stop(client, postmaster.pid, undefined)) };
}

/** What there is to do with the PostgreSQL of another process. */
async function visit(
  { postmaster, client }: { postmaster: Postmaster; client: pg.Client },
  password: string,
  { directory, whenInUse }: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const url = await databaseUrl(client, postmaster.port, password);
  await client.end();
  if (whenInUse === 'share') return { url, shared: true, stop: async () => {} };
  throw inUse(directory, postmaster.pid);
}

async function start(
  data: string,
  password: string,
  runner: Runner,
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const { directory, settings = {} } = options;
  const { postgres } = await findBinaries();
  const port = await freePort();
  // No socket file: the path of one may hold 107 bytes only.
  const all = { port: String(port), listen_addresses: '127.0.0.1', unix_socket_directories: '', ...settings };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [command = postgres, ...args] = [...runner.prefix, postgres, '-D', data, ...flags];
  const log = await open(path.join(directory, 'postgres.log'), 'w', 0o600);
  await giveTo(runner, directory);
  // Detached: the terminal's Ctrl-C is for this process, which ends the server when the last request is answered.
  const child = spawn(command, args, { detached: true, stdio: ['ignore', log.fd, log.fd], ...runner.user });
  await log.close();
  const abandon = async (error: unknown): Promise<never> => {
    if (isAlive(0, child) && child.kill('SIGQUIT')) await once(child, 'exit');
    throw error;
  };
  const client = await waitUntilReady(child, port, password, directory).catch(abandon);
  const postmaster = { pid: child.pid ?? 0, port };
  if (!(await lock(client).catch(abandon))) {
    // A process that started at the same time found this server before its maker could lock it, and owns it now.
    child.unref();
    return visit({ postmaster, client }, password, options);
  }
  const url = await databaseUrl(client, port, password).catch(abandon);
  return { url, shared: false, stop: onlyOnce(() => stop(client, postmaster.pid, child)) };
}

async function waitUntilReady(
  child: ChildProcess,
  port: number,
  password: string,
  directory: string,
): Promise<pg.Client> {
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = error;
  });
  for (const end = Date.now() + patienceMs; Date.now() < end; await pause(pollMs)) {
    if (failure || !isAlive(0, child)) break;
    const client = await connect(port, password).catch(() => undefined);
    if (client) return client;
  }
  // Of two that start at the same time one finds the other's lock file; the log, which both write, may not tell.
  const other = await readPostmaster(path.join(directory, 'data'));
  if (other && other.pid !== child.pid && isAlive(other.pid, undefined)) throw inUse(directory, other.pid);
  const lines = (await readFile(path.join(directory, 'postgres.log'), 'utf8')).split('\n').filter(Boolean);
  const reason = failure?.message ?? lines.findLast((line) => line.includes('FATAL')) ?? lines.at(-1) ?? 'no answer';
  throw new EmbeddedPostgresError(`PostgreSQL did not start in ${directory} (${reason}); see postgres.log there`);
}

async function stop(client: pg.Client, pid: number, child: ChildProcess | undefined): Promise<void> {
  await client.end().catch(() => {});
  if (!isAlive(pid, child)) return;
  const ended = child ? once(child, 'exit') : waitUntilGone(pid);
  process.kill(pid, 'SIGINT'); // a fast shutdown: clients are cut, what was committed is safe
  await ended;
}

async function waitUntilGone(pid: number): Promise<void> {
  // Where nobody collects orphans, an ended one stays for ever.
  for (const end = Date.now() + patienceMs; isAlive(pid, undefined) && Date.now() < end;) await pause(pollMs);
}

function isAlive(pid: number, child: ChildProcess | undefined): boolean {
  if (child) return child.exitCode === null && child.signalCode === null;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function connect(port: number, password: string, database = 'postgres'): Promise<pg.Client> {
  const client = new pg.Client({ host: '127.0.0.1', port, user, password, database, connectionTimeoutMillis: 2000 });
  client.on('error', () => {}); // the server ending is no news to its owner
  await client.connect();
  return client;
}

async function lock(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [ownerLock]);
  return rows[0]?.held === true;
}

async function databaseUrl(client: pg.Client, port: number, password: string): Promise<string> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [user]);
  if (rowCount === 0) {
    await client.query(`create database ${user}`).catch((error: unknown) => {
      // Who started at the same time may have made it meanwhile.
      if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error;
    });
  }
  return `postgres://${user}:${password}@127.0.0.1:${port}/${user}`;
}

async function readPostmaster(data: string): Promise<Postmaster | undefined> {
  const text = await readFile(path.join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const [pid, , , port] = text.split('\n').map(Number);
  return pid && port ? { pid, port } : undefined;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function inUse(directory: string, pid: number): EmbeddedPostgresError {
  const who = `its PostgreSQL is process ${pid}`;
  return new EmbeddedPostgresError(
    `${directory} is in use by another instance (${who}); stop it or set another DATA_DIR`,
  );
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

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}

function onlyOnce(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}
