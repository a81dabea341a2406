import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chown, lstat, mkdir, readFile, realpath } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { EmbeddedPostgresError, type Runner } from './binaries.ts';

/** Where a PostgreSQL listens: in the folder of a socket, or on a host; the port is a part of the socket's name. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A postmaster, by its process id and where it listens. */
export interface Postmaster {
  readonly pid: number;
  readonly address: Address;
}

// What a system allows the path of a socket, without the zero at its end: Linux 107 bytes, macOS 103.
const maximumPath = 103;
const usualPort = 5432;

/**
 * Where a new PostgreSQL is to listen. On a socket, since a port outlives a crash, and whoever takes it then would be taken for the
 * database; on the loopback address where the platform has no sockets. Throws an EmbeddedPostgresError.
 */
export async function chooseAddress(directory: string, runner: Runner): Promise<Address> {
  if (process.platform === 'win32') return { host: '127.0.0.1', port: await freePort() };
  const inside = path.join(directory, 'socket');
  await mkdir(inside, { recursive: true, mode: 0o700 });
  if (await holdsSocket(inside)) return { host: inside, port: usualPort };
  // A deep path, or a file system without sockets.
  const digest = createHash('sha256')
    .update(await realpath(directory))
    .digest('hex');
  const outside = path.join(tmpdir(), `latchkey-${digest.slice(0, 16)}`);
  await mkdir(outside, { mode: 0o700 }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
  await refuseForeign(outside, runner);
  if (runner.user) await chown(outside, runner.user.uid, runner.user.gid);
  if (await holdsSocket(outside)) return { host: outside, port: usualPort };
  throw new EmbeddedPostgresError(
    `neither ${inside} nor ${outside} can hold a socket; set a shorter DATA_DIR or TMPDIR, or DATABASE_URL`,
  );
}

async function holdsSocket(directory: string): Promise<boolean> {
  const file = path.join(directory, `.s.PGSQL.${usualPort}`);
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

// In a folder where everybody may make files, somebody may have been faster.
async function refuseForeign(directory: string, { user }: Runner): Promise<void> {
  const entry = await lstat(directory);
  const isOurs = [process.getuid?.(), user?.uid].includes(entry.uid);
  if (entry.isDirectory() && isOurs && (entry.mode & 0o077) === 0) return;
  throw new EmbeddedPostgresError(
    `${directory} is not a folder of this user alone; remove it, or set a shorter DATA_DIR, or another TMPDIR`,
  );
}

/** The settings that let a PostgreSQL listen there, and nowhere else. */
export function listeningSettings({ host, port }: Address): Record<string, string> {
  const isSocket = host.startsWith('/');
  return {
    port: String(port),
    listen_addresses: isSocket ? '' : host,
    unix_socket_directories: isSocket ? `"${host.replaceAll('"', '""')}"` : '',
    unix_socket_permissions: '0700',
  };
}

/** The postmaster that a data directory names, whether it still runs or not; none until it listens. */
export async function readPostmaster(data: string): Promise<Postmaster | undefined> {
  const [pid, , , port, socket, host] = await readLockFile(data);
  const where = [socket, host].find(Boolean);
  return pid && port && where ? { pid: Number(pid), address: { host: where, port: Number(port) } } : undefined;
}

/** The process id of a postmaster, also of one that only begins; 0 is none. */
export async function readPostmasterPid(data: string): Promise<number> {
  const [pid] = await readLockFile(data);
  return Number(pid);
}

async function readLockFile(data: string): Promise<string[]> {
  return (await readFile(path.join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
}

/** Whose connection it is, to what. */
export interface Login {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** Connects. Throws when something there asks for the password itself, or for a digest of it: the embedded PostgreSQL does not. */
export async function connect({ host, port }: Address, login: Login): Promise<pg.Client> {
  const client = new pg.Client({ host, port, ...login, ssl: false, connectionTimeoutMillis: 2000 });
  client.on('error', () => {}); // the server ending is no news to its owner
  refuseAllButScram(client);
  await client.connect();
  return client;
}

// The driver has no option for it. It looks its handlers up when it connects.
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
