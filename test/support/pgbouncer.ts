/** A real PgBouncer in transaction mode, with default settings, in front of a test's PostgreSQL. */
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
  stop(): Promise<void>;
}

const said = spawnSync('pgbouncer', ['--version'], { encoding: 'utf8' });
const [, version = '', major = '0', minor = '0'] = /PgBouncer ((\d+)\.(\d+)\S*)/.exec(said.stdout || '') ?? [];

/** `undefined` if there is none on the PATH. */
export const pgBouncerVersion = version || undefined;
/** PgBouncer supports prepared statements since 1.21. */
export const keepsStatements = Number(major) > 1 || Number(minor) >= 21;

export async function startPgBouncer(serverUrl: string): Promise<PgBouncer> {
  const server = new URL(serverUrl);
  const directory = await mkdtemp(path.join(tmpdir(), 'latchkey-pgbouncer-'));
  const port = await freePort();
  const file = path.join(directory, 'pgbouncer.ini');
  await chmod(directory, 0o755);
  await writeFile(
    file,
    `[databases]
* = host=${server.hostname} port=${server.port || 5432} user=${server.username} password=${server.password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 5
${keepsStatements ? 'max_prepared_statements = 100' : ''}
`,
  );
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
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      child.kill('SIGTERM');
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}
