/** The PostgreSQL of a test run: the one of TEST_DATABASE_URL, a container, or the embedded one. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres/embedded-postgres.ts';
import { readSuperuserPassword, superuser } from '../../src/platform/embedded-postgres/data.ts';
import { eventually } from './eventually.ts';
import { freePort } from './ports.ts';

export interface TestServer {
  readonly kind: 'TEST_DATABASE_URL' | 'container' | 'embedded';
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const image = 'postgres:17-alpine';
const probeMs = 10_000;
const containerMs = 120_000; // enough to pull the image over a slow network
// A test database needn't survive a crash.
const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' };

/** Starts the first of the three that is available, and announces which and why in one line. */
export async function startTestServer(announce: (message: string) => void): Promise<TestServer> {
  const url = process.env['TEST_DATABASE_URL'];
  if (url) {
    announce('tests use the PostgreSQL of TEST_DATABASE_URL');
    return { kind: 'TEST_DATABASE_URL', url, stop: async () => {} };
  }
  try {
    const server = await startContainer();
    announce(`tests use PostgreSQL in a container (${image})`);
    return server;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    announce(`tests use the embedded PostgreSQL (${reason ?? ''})`);
    return startEmbedded();
  }
}

async function startEmbedded(): Promise<TestServer> {
  const directory = await mkdtemp(path.join(tmpdir(), 'latchkey-test-'));
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    // Tests create databases and roles and use proxies, so they need the superuser and a port.
    const port = await freePort();
    const listening = { port: String(port), listen_addresses: '127.0.0.1' };
    const all = { ...settings, ...listening };
    const server = await startEmbeddedPostgres({ directory, announce: () => {}, settings: all, whenInUse: 'refuse' });
    const password = await readSuperuserPassword(path.join(directory, 'data'));
    const url = `postgres://${superuser}:${password}@127.0.0.1:${port}/latchkey`;
    return { kind: 'embedded', url, stop: () => server.stop().then(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

// An engine that answers may still lack the image and a registry, so only a running container counts.
async function startContainer(): Promise<TestServer> {
  await findEngine();
  const starting = runContainer();
  try {
    const container = await within(containerMs, starting);
    const url = `postgres://latchkey:latchkey@${container.getHost()}:${container.getMappedPort(5432)}/latchkey`;
    // It listens shortly before it is ready.
    await eventually('the PostgreSQL in the container answers', () => run(url, 'select 1').then(() => true));
    return { kind: 'container', url, stop: () => container.stop().then(() => undefined) };
  } catch (error) {
    void starting.then((late) => late.stop()).catch(() => {});
    throw error;
  }
}

// In a separate process, since an engine that accepts connections but never answers would keep this one from exiting.
async function findEngine(): Promise<void> {
  const script = `await (await import('testcontainers')).getContainerRuntimeClient(); process.exit()`;
  const options = { cwd: import.meta.dirname, timeout: probeMs };
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], options).catch(
    (error: unknown) => {
      throw new Error('no container engine answers', { cause: error });
    },
  );
}

async function runContainer() {
  const { GenericContainer, getContainerRuntimeClient, getReaper, ImageName, Wait } = await import('testcontainers');
  const client = await getContainerRuntimeClient();
  await client.image.pull(ImageName.fromString(image));
  if (!(await client.image.exists(ImageName.fromString(image))))
    throw new Error(`the container engine has no ${image}`);
  // The reaper removes containers of killed runs; without it, only `stop` removes them.
  await getReaper(client).catch(() => (process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true'));
  return new GenericContainer(image)
    .withEnvironment({ POSTGRES_USER: 'latchkey', POSTGRES_PASSWORD: 'latchkey', POSTGRES_DB: 'latchkey' })
    .withCommand(['postgres', ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])])
    .withExposedPorts(5432)
    .withWaitStrategy(Wait.forListeningPorts())
    .withStartupTimeout(60_000)
    .start();
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = pause(milliseconds, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`the container engine took longer than ${milliseconds / 1000} s`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}

/** Makes a database and returns its URL. */
export async function createDatabase(serverUrl: string, name: string, template?: string): Promise<string> {
  await run(serverUrl, `create database ${name}${template ? ` template ${template}` : ''}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

export async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  await run(serverUrl, `drop database ${name} with (force)`);
}

async function run(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
