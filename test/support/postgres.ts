/** The PostgreSQL of a test run: the one of TEST_DATABASE_URL, a container, or the embedded one. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts';

export interface TestServer {
  readonly kind: 'TEST_DATABASE_URL' | 'container' | 'embedded';
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const image = 'postgres:17-alpine';
// A test database is thrown away: nothing of it need survive a crash.
const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' };

export async function startTestServer(announce: (message: string) => void): Promise<TestServer> {
  const url = process.env['TEST_DATABASE_URL'];
  if (url) {
    announce('tests use the PostgreSQL of TEST_DATABASE_URL');
    return { kind: 'TEST_DATABASE_URL', url, stop: async () => {} };
  }
  return (await startContainer(announce)) ?? (await startEmbedded(announce));
}

async function startEmbedded(announce: (message: string) => void): Promise<TestServer> {
  announce('tests use the embedded PostgreSQL');
  const directory = await mkdtemp(path.join(tmpdir(), 'latchkey-test-'));
  const server = await startEmbeddedPostgres({ directory, announce: () => {}, settings, whenInUse: 'refuse' });
  return {
    kind: 'embedded',
    url: server.url,
    stop: async () => {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

// An engine that answers may still have no image and no registry, so only a container that runs counts.
async function startContainer(announce: (message: string) => void): Promise<TestServer | undefined> {
  const { GenericContainer, getContainerRuntimeClient, Wait } = await import('testcontainers');
  try {
    await getContainerRuntimeClient();
  } catch {
    return undefined;
  }
  try {
    const container = await new GenericContainer(image)
      .withEnvironment({ POSTGRES_USER: 'latchkey', POSTGRES_PASSWORD: 'latchkey', POSTGRES_DB: 'latchkey' })
      .withCommand(['postgres', ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])])
      .withExposedPorts(5432)
      .withWaitStrategy(Wait.forListeningPorts())
      .withStartupTimeout(60_000)
      .start();
    announce(`tests use PostgreSQL in a container (${image})`);
    const url = `postgres://latchkey:latchkey@${container.getHost()}:${container.getMappedPort(5432)}/latchkey`;
    return { kind: 'container', url, stop: () => container.stop().then(() => undefined) };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    announce(`a container engine answers, but starts no ${image} (${reason ?? ''})`);
    return undefined;
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
