/** A real PgBouncer in transaction mode in front of a test's PostgreSQL. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { eventually } from './eventually.ts';
import { freePort } from './ports.ts';

export interface PgBouncer {
  /** The URL of a database through the PgBouncer. */
  through(databaseUrl: string): string;
  /** Points it at another server, as an operator would: changes its file and makes it read that again. */
  pointAt(serverUrl: string): Promise<void>;
  stop(): Promise<void>;
}

/** Its file, for a server; in `directory` it may keep another. */
export type Configure = (server: URL, own: { port: number; directory: string }) => string | Promise<string>;

const said = spawnSync('pgbouncer', ['--version'], { encoding: 'utf8' });
const [, version = '', major = '0', minor = '0'] = /PgBouncer ((\d+)\.(\d+)\S*)/.exec(said.stdout || '') ?? [];

/** `undefined` if there is none on the PATH. */
export const pgBouncerVersion = version || undefined;
/** PgBouncer supports prepared statements since 1.21. */
export const keepsStatements = Number(major) > 1 || Number(minor) >= 21;

// Default settings, for any database of the server.
const anyDatabase: Configure = (server, { port }) => `[databases]
* = host=${server.hostname} port=${server.port || 5432} user=${server.username} password=${server.password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 5
${keepsStatements ? 'max_prepared_statements = 100' : ''}
`;

export async function startPgBouncer(serverUrl: string, configure: Configure = anyDatabase): Promise<PgBouncer> {
  const directory = await mkdtemp(path.join(tmpdir(), 'latchkey-pgbouncer-'));
  const port = await freePort();
  const file = path.join(directory, 'pgbouncer.ini');
  await chmod(directory, 0o755);
  const write = async (url: string) => writeFile(file, await configure(new URL(url), { port, directory }));
  await write(serverUrl);
  // It refuses to run as root.
  const args = process.getuid?.() === 0 ? ['-u', 'nobody', file] : [file];
  const child = spawn('pgbouncer', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const through = (databaseUrl: string) => {
    const url = new URL(databaseUrl);
    url.host = `127.0.0.1:${port}`;
    return url.href;
  };
  await eventually('PgBouncer answers', async () => {
    if (child.exitCode !== null) throw new Error(`PgBouncer ended: ${log}`);
    const client = new pg.Client({ connectionString: through(serverUrl) });
    client.on('error', () => {});
    return client.connect().then(
      () => client.end().then(() => true),
      () => false,
    );
  });
  return {
    through,
    async pointAt(url) {
      await write(url);
      child.kill('SIGHUP');
    },
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      child.kill('SIGTERM');
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}
