/** A PostgreSQL that a test can crash, freeze and restart with the same data at the same address, and a standby of it. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { findBinaries, findRunner, changeOwner, initialize } from '../../src/platform/embedded-postgres/binaries.ts';
import { eventually } from './eventually.ts';
import { freePort } from './ports.ts';

export interface FragilePostgres {
  /** As its superuser. */
  readonly url: string;
  readonly data: string;
  /** Starts it and waits until it answers. */
  start(): Promise<void>;
  /** Crashes it: it ends at once, without notifying clients. */
  kill(): Promise<void>;
  /** Suspends it, leaving its connections open. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Stops it and removes its data. */
  remove(): Promise<void>;
}

type Settings = Readonly<Record<string, string>>;

const user = 'latchkey';
const password = 'for tests only';

/** Initializes a PostgreSQL with production settings, unless told others, without starting it. */
export async function makeFragilePostgres(settings: Settings = {}): Promise<FragilePostgres> {
  const directory = await mkdtemp(path.join(tmpdir(), 'latchkey-fragile-'));
  const data = path.join(directory, 'data');
  const secret = path.join(directory, 'password');
  const runner = await findRunner(data);
  await writeFile(secret, password);
  await changeOwner(runner, directory);
  await initialize(await findBinaries(), runner, data, user, secret);
  return fragilePostgres(directory, data, settings);
}

/** Copies one that does not run, as its streaming standby. */
export async function makeStandby(primary: FragilePostgres, settings: Settings = {}): Promise<FragilePostgres> {
  const directory = await mkdtemp(path.join(tmpdir(), 'latchkey-standby-'));
  const data = path.join(directory, 'data');
  const runner = await findRunner(primary.data);
  await cp(primary.data, data, { recursive: true });
  await writeFile(path.join(data, 'standby.signal'), '');
  await changeOwner(runner, directory);
  const { hostname, port } = new URL(primary.url);
  const source = `host=${hostname} port=${port} user=${user} password='${password}' application_name=standby`;
  return fragilePostgres(directory, data, { primary_conninfo: source, ...settings });
}

async function fragilePostgres(directory: string, data: string, settings: Settings): Promise<FragilePostgres> {
  const { postgres } = await findBinaries();
  const runner = await findRunner(data);
  const port = await freePort();
  const url = `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
  const all = { port: String(port), listen_addresses: '127.0.0.1', unix_socket_directories: '', ...settings };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [command = postgres, ...args] = [...runner.prefix, postgres, '-D', data, ...flags];
  let child: ChildProcess | undefined;

  const runs = () => child?.exitCode === null && child.signalCode === null;
  // The server and its children, which don't end with it at once.
  const processes = async () => {
    if (!child?.pid) return [];
    const { stdout } = await promisify(execFile)('ps', [
      '-o',
      'pid=',
      '--pid',
      `${child.pid}`,
      '--ppid',
      `${child.pid}`,
    ]);
    return stdout.trim().split('\n').map(Number);
  };
  const signal = async (name: NodeJS.Signals) => {
    for (const pid of await processes()) {
      try {
        process.kill(pid, name);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // a child has just ended
      }
    }
  };
  const kill = async () => {
    if (!runs()) return;
    const ended = once(child!, 'exit');
    await signal('SIGKILL');
    await ended;
  };
  return {
    url,
    data,
    async start() {
      // Right after a crash it may refuse to start until its old children are gone.
      await eventually('PostgreSQL answers', async () => {
        if (!runs()) child = spawn(command, args, { stdio: 'ignore', ...runner.user });
        return answers(url);
      });
    },
    kill,
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    async remove() {
      await kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 });
  client.on('error', () => {});
  const connected = await client.connect().then(
    () => true,
    () => false,
  );
  if (connected) await client.end();
  return connected;
}
