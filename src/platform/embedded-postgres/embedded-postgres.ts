import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { chooseAddress, connect, listeningSettings, readPostmaster, readPostmasterPid } from './address.ts';
import type { Address, Postmaster } from './address.ts';
import { EmbeddedPostgresError, findBinaries, findRunner, changeOwner, type Runner } from './binaries.ts';
import { checkVersion, createData, hasData, isFileError, readSuperuserPassword, superuser } from './data.ts';
import { prepareService } from './service.ts';

/** A running PostgreSQL. */
export interface EmbeddedPostgres {
  readonly url: string;
  /** Whether another process owns it; `stop` does nothing then. */
  readonly shared: boolean;
  readonly stop: () => Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Created if missing. */
  readonly directory: string;
  /** Reports progress. */
  readonly announce: (message: string) => void;
  /** Overrides of postgresql.conf. */
  readonly settings?: Record<string, string>;
  /** What to do if another process uses the directory; commands that run beside a server share it. */
  readonly whenInUse: 'refuse' | 'share';
}

const ownerLock = 0x6c617463; // held by the owning process for as long as it lives
const pollMs = 25;
const timeoutMs = 30_000;

/** Starts the PostgreSQL in a directory, or takes over one whose owner died. Throws an EmbeddedPostgresError. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  try {
    return await startOrTakeOver(options);
  } catch (error) {
    if (!isFileError(error)) throw error;
    const message = `${options.directory} can't be used (${error.message}); set a DATA_DIR that this user can write to`;
    throw new EmbeddedPostgresError(message, { cause: error });
  }
}

async function startOrTakeOver(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { directory, announce } = options;
  const data = path.join(directory, 'data');
  const runner = await findRunner(data);
  // If another user runs it, that user must be able to enter the parent folder.
  await mkdir(path.dirname(directory), { recursive: true, mode: runner.user ? 0o711 : 0o700 });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if (!(await hasData(directory))) {
    announce(`creating a PostgreSQL in ${directory}`);
    await createData(directory, data, runner);
  }
  await checkVersion(data);
  const password = await readSuperuserPassword(data);
  for (const end = Date.now() + timeoutMs; ;) {
    const found = await findRunning(data, password);
    if (found) return takeOver(found, password, options);
    announce('starting PostgreSQL');
    try {
      return await start(data, password, runner, options);
    } catch (error) {
      if (!(error instanceof NotRespondingError) || Date.now() > end) throw error;
      announce(`waiting for PostgreSQL process ${error.pid} to answer or exit`);
      await waitForOther(data, password, error.pid, end);
    }
  }
}

/** Waits until a PostgreSQL that is starting at the same time answers, or one that was killed is gone. */
async function waitForOther(data: string, password: string, pid: number, end: number): Promise<void> {
  while (isAlive(pid, undefined) && Date.now() < end) {
    const found = await findRunning(data, password);
    if (found) return found.client.end();
    await pause(pollMs);
  }
}

async function findRunning(
  data: string,
  password: string,
): Promise<{ postmaster: Postmaster; client: pg.Client } | undefined> {
  const postmaster = await readPostmaster(data);
  if (!postmaster) return undefined;
  const client = await connectAsSuperuser(postmaster.address, password).catch(() => undefined);
  return client && { postmaster, client };
}

async function takeOver(
  found: { postmaster: Postmaster; client: pg.Client },
  password: string,
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const { postmaster, client } = found;
  if (!(await lock(client))) return shareOrRefuse(found, password, options);
  options.announce('taking over the PostgreSQL that an earlier process left running');
  const url = await prepareService(client, path.join(options.directory, 'data'), postmaster.address, password);
  return { url, shared: false, stop: onlyOnce(() => stop(client, postmaster.pid, undefined)) };
}

/** Handles a PostgreSQL that another process owns. */
async function shareOrRefuse(
  { postmaster, client }: { postmaster: Postmaster; client: pg.Client },
  password: string,
  { directory, whenInUse }: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  if (whenInUse === 'refuse') {
    await client.end();
    throw new InUseError(directory, postmaster.pid);
  }
  const url = await prepareService(client, path.join(directory, 'data'), postmaster.address, password);
  await client.end();
  return { url, shared: true, stop: async () => {} };
}

async function start(
  data: string,
  password: string,
  runner: Runner,
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const { directory, settings = {} } = options;
  const { postgres } = await findBinaries();
  const chosen = await chooseAddress(directory, runner);
  const address = { ...chosen, port: Number(settings['port'] ?? chosen.port) };
  const all = { ...listeningSettings(address), ...settings };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [command = postgres, ...args] = [...runner.prefix, postgres, '-D', data, ...flags];
  const log = await open(path.join(directory, 'postgres.log'), 'w', 0o600);
  await changeOwner(runner, directory);
  // Detached, so that Ctrl-C reaches only this process, which stops the server after the last request.
  const child = spawn(command, args, { detached: true, stdio: ['ignore', log.fd, log.fd], ...runner.user });
  await log.close();
  const abandon = async (error: unknown): Promise<never> => {
    if (isAlive(0, child) && child.kill('SIGQUIT')) await once(child, 'exit');
    throw error;
  };
  const client = await waitUntilReady(child, address, password, directory).catch(abandon);
  const postmaster = { pid: child.pid ?? 0, address };
  if (!(await lock(client).catch(abandon))) {
    // Another process that started at the same time locked this server first, and owns it now.
    child.unref();
    return shareOrRefuse({ postmaster, client }, password, options);
  }
  const url = await prepareService(client, data, address, password).catch(abandon);
  return { url, shared: false, stop: onlyOnce(() => stop(client, postmaster.pid, child)) };
}

async function waitUntilReady(
  child: ChildProcess,
  address: Address,
  password: string,
  directory: string,
): Promise<pg.Client> {
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = error;
  });
  for (const end = Date.now() + timeoutMs; Date.now() < end; await pause(pollMs)) {
    if (failure || !isAlive(0, child)) break;
    const client = await connectAsSuperuser(address, password).catch(() => undefined);
    // If two start at the same time, the other may answer: both listen at the same address.
    if (client && (await readPostmasterPid(path.join(directory, 'data'))) === child.pid) return client;
    await client?.end();
  }
  // If two start at the same time, the second fails on the first's lock file; both write to one log, which may not show it.
  const other = await readPostmasterPid(path.join(directory, 'data'));
  if (other && other !== child.pid && isAlive(other, undefined)) throw new NotRespondingError(directory, other);
  const lines = (await readFile(path.join(directory, 'postgres.log'), 'utf8')).split('\n').filter(Boolean);
  const reason = failure?.message ?? lines.findLast((line) => line.includes('FATAL')) ?? lines.at(-1) ?? 'no answer';
  throw new EmbeddedPostgresError(`PostgreSQL did not start in ${directory} (${reason}); see postgres.log there`);
}

async function stop(client: pg.Client, pid: number, child: ChildProcess | undefined): Promise<void> {
  await client.end().catch(() => {});
  if (!isAlive(pid, child)) return;
  const ended = child ? once(child, 'exit') : waitUntilGone(pid);
  process.kill(pid, 'SIGINT'); // fast shutdown: closes connections, loses nothing committed
  await ended;
}

async function waitUntilGone(pid: number): Promise<void> {
  // Without an init process that reaps orphans, a zombie stays for ever.
  for (const end = Date.now() + timeoutMs; isAlive(pid, undefined) && Date.now() < end;) await pause(pollMs);
}

function isAlive(pid: number, child: ChildProcess | undefined): boolean {
  if (child) return child.exitCode === null && child.signalCode === null;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function connectAsSuperuser(address: Address, password: string): Promise<pg.Client> {
  return connect(address, { user: superuser, password, database: 'postgres' });
}

async function lock(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [ownerLock]);
  return rows[0]?.held === true;
}

class InUseError extends EmbeddedPostgresError {
  constructor(directory: string, pid: number) {
    super(`${directory} is in use by another instance (PostgreSQL is process ${pid}); stop it or set another DATA_DIR`);
  }
}

/** The other instance does not answer: it is still starting, or was killed and is not gone yet. */
class NotRespondingError extends InUseError {
  readonly pid: number;

  constructor(directory: string, pid: number) {
    super(directory, pid);
    this.pid = pid;
  }
}

function onlyOnce(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}
