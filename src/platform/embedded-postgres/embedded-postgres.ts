import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { chooseAddress, connect, listeningSettings, readPostmaster, readPostmasterPid } from './address.ts';
import type { Address, Postmaster } from './address.ts';
import { EmbeddedPostgresError, findBinaries, findRunner, giveTo, type Runner } from './binaries.ts';
import { checkVersion, createData, hasData, isFileError, readSuperuserPassword, superuser } from './data.ts';
import { prepareService } from './service.ts';

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

const ownerLock = 0x6c617463; // held by the process that the server belongs to, for as long as it lives
const pollMs = 25;
const patienceMs = 30_000;

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
  const password = await readSuperuserPassword(data);
  for (const end = Date.now() + patienceMs; ;) {
    const found = await findRunning(data, password);
    if (found) return takeOver(found, password, options);
    announce('starting PostgreSQL');
    try {
      return await start(data, password, runner, options);
    } catch (error) {
      if (!(error instanceof SilentError) || Date.now() > end) throw error;
      announce(`waiting for PostgreSQL's process ${error.pid} to answer or to end`);
      await waitForOther(data, password, error.pid, end);
    }
  }
}

/** Waits for a PostgreSQL that starts at the same time to answer, or for one that was killed to be gone. */
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
  if (!(await lock(client))) return visit(found, password, options);
  options.announce('taking over the PostgreSQL that an earlier process left running');
  const url = await prepareService(client, path.join(options.directory, 'data'), postmaster.address, password);
  return { url, shared: false, stop: onlyOnce(() => stop(client, postmaster.pid, undefined)) };
}

/** What there is to do with the PostgreSQL of another process. */
async function visit(
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
  await giveTo(runner, directory);
  // Detached: the terminal's Ctrl-C is for this process, which ends the server when the last request is answered.
  const child = spawn(command, args, { detached: true, stdio: ['ignore', log.fd, log.fd], ...runner.user });
  await log.close();
  const abandon = async (error: unknown): Promise<never> => {
    if (isAlive(0, child) && child.kill('SIGQUIT')) await once(child, 'exit');
    throw error;
  };
  const client = await waitUntilReady(child, address, password, directory).catch(abandon);
  const postmaster = { pid: child.pid ?? 0, address };
  if (!(await lock(client).catch(abandon))) {
    // A process that started at the same time found this server before its maker could lock it, and owns it now.
    child.unref();
    return visit({ postmaster, client }, password, options);
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
  for (const end = Date.now() + patienceMs; Date.now() < end; await pause(pollMs)) {
    if (failure || !isAlive(0, child)) break;
    const client = await connectAsSuperuser(address, password).catch(() => undefined);
    // The other of two that start at the same time may answer, since it listens at the same place.
    if (client && (await readPostmasterPid(path.join(directory, 'data'))) === child.pid) return client;
    await client?.end();
  }
  // Of two that start at the same time one finds the other's lock file; the log, which both write, may not tell.
  const other = await readPostmasterPid(path.join(directory, 'data'));
  if (other && other !== child.pid && isAlive(other, undefined)) throw new SilentError(directory, other);
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

function connectAsSuperuser(address: Address, password: string): Promise<pg.Client> {
  return connect(address, { user: superuser, password, database: 'postgres' });
}

async function lock(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [ownerLock]);
  return rows[0]?.held === true;
}

class InUseError extends EmbeddedPostgresError {
  constructor(directory: string, pid: number) {
    const who = `its PostgreSQL is process ${pid}`;
    super(`${directory} is in use by another instance (${who}); stop it or set another DATA_DIR`);
  }
}

/** The other instance does not answer: it has only begun, or was killed and is not gone yet. */
class SilentError extends InUseError {
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
