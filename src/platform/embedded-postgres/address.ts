import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chown, lstat, mkdir, readFile, realpath } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { EmbeddedPostgresError, type Runner } from './binaries.ts';

/** Where a PostgreSQL listens: `host` is a socket's folder or a host; the port is part of the socket's name. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** The main process of a PostgreSQL. */
export interface Postmaster {
  readonly pid: number;
  readonly address: Address;
}

// The longest path of a socket, without the terminating zero: 107 bytes on Linux, 103 on macOS.
const maximumPath = 103;
const defaultPort = 5432;

/**
 * Chooses where a new PostgreSQL listens: on a socket, because after a crash any process could take over a port and pose as the
 * database; on the loopback address if the platform has no sockets. Throws an EmbeddedPostgresError.
 */
export async function chooseAddress(directory: string, runner: Runner): Promise<Address> {
  if (process.platform === 'win32') return { host: '127.0.0.1', port: await freePort() };
  const inside = path.join(directory, 'socket');
  await mkdir(inside, { recursive: true, mode: 0o700 });
  if (await canHoldSocket(inside)) return { host: inside, port: defaultPort };
  // A deep path, or a file system without sockets.
  const digest = createHash('sha256')
    .update(await realpath(directory))
    .digest('hex');
  const outside = path.join(tmpdir(), `latchkey-${digest.slice(0, 16)}`);
  await mkdir(outside, { mode: 0o700 }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
  await requireOwned(outside, runner);
  if (runner.user) await chown(outside, runner.user.uid, runner.user.gid);
  if (await canHoldSocket(outside)) return { host: outside, port: defaultPort };
  throw new EmbeddedPostgresError(
    `neither ${inside} nor ${outside} can hold a socket; set a shorter DATA_DIR or TMPDIR, or DATABASE_URL`,
  );
}

async function canHoldSocket(directory: string): Promise<boolean> {
  const file = path.join(directory, `.s.PGSQL.${defaultPort}`);
  if (Buffer.byteLength(file) > maximumPath) return false;
  const probe = createServer().listen(path.join(directory, '.s.probe'));
  try {
    await once(probe, 'listening');
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  } finally {
    probe.close();
  }
}

// Anyone may create files in the temporary folder, so another user may have created this one first.
async function requireOwned(directory: string, { user }: Runner): Promise<void> {
  const entry = await lstat(directory);
  const isOurs = [process.getuid?.(), user?.uid].includes(entry.uid);
  if (entry.isDirectory() && isOurs && (entry.mode & 0o077) === 0) return;
  throw new EmbeddedPostgresError(
    `${directory} is not a private folder of this user; remove it, or set a shorter DATA_DIR, or another TMPDIR`,
  );
}

/** The settings that make a PostgreSQL listen at an address only. */
export function listeningSettings({ host, port }: Address): Record<string, string> {
  const isSocket = host.startsWith('/');
  return {
    port: String(port),
    listen_addresses: isSocket ? '' : host,
    unix_socket_directories: isSocket ? `"${host.replaceAll('"', '""')}"` : '',
    unix_socket_permissions: '0700',
  };
}

/** The postmaster that a data directory names, running or not; `undefined` until it listens. */
export async function readPostmaster(data: string): Promise<Postmaster | undefined> {
  const [pid, , , port, socket, host] = await readLockFile(data);
  const where = [socket, host].find(Boolean);
  return pid && port && where ? { pid: Number(pid), address: { host: where, port: Number(port) } } : undefined;
}

/** The process id of a postmaster, even one that is still starting; 0 if there is none. */
export async function readPostmasterPid(data: string): Promise<number> {
  const [pid] = await readLockFile(data);
  return Number(pid);
}

async function readLockFile(data: string): Promise<string[]> {
  return (await readFile(path.join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
}

/** Credentials and the database to connect to. */
export interface Login {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** Connects. Throws if the server asks for the password itself or an MD5 digest, since the embedded PostgreSQL never does. */
export async function connect({ host, port }: Address, login: Login): Promise<pg.Client> {
  const client = new pg.Client({ host, port, ...login, ssl: false, connectionTimeoutMillis: 2000 });
  client.on('error', () => {}); // emitted when the server stops, which its owner knows
  refuseAllButScram(client);
  await client.connect();
  return client;
}

// The driver has no option for this, but looks its handlers up when it connects.
function refuseAllButScram(client: pg.Client): void {
  const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
  const refuse = () => connection.emit('error', new Error('the server asks for more than SCRAM'));
  Object.assign(client, { _handleAuthCleartextPassword: refuse, _handleAuthMD5Password: refuse });
}

/** The URL of a login. */
export function urlOf({ host, port }: Address, { user, password, database }: Login): string {
  const isSocket = host.startsWith('/');
  const server = isSocket ? 'localhost' : host;
  const query = isSocket ? `?host=${encodeURIComponent(host)}` : '';
  return `postgres://${user}:${password}@${server}:${port}/${database}${query}`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
