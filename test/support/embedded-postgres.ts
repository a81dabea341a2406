/** Embedded PostgreSQLs for a suite: each test has its own folder, and its servers are stopped after it. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../src/platform/embedded-postgres/embedded-postgres.ts';
import { EmbeddedPostgresError } from '../../src/platform/embedded-postgres/binaries.ts';

/** Runs a statement on a new connection and returns its rows. */
export async function query(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

/** The message with which a start is refused. */
export async function refusalOfStart(starting: Promise<unknown>): Promise<string> {
  try {
    await starting;
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) return error.message;
    throw error;
  }
  throw new Error('the start should have been refused');
}

export function useEmbeddedPostgres() {
  let directory = '';
  let seed = '';
  let running: EmbeddedPostgres[] = [];
  let announced: string[] = [];

  // Initializing one is slow, so most tests start from a copy.
  before('initialize a PostgreSQL to copy', async () => {
    seed = await mkdtemp(path.join(tmpdir(), 'latchkey-embedded-seed-'));
    const settings = { fsync: 'off' };
    const server = await startEmbeddedPostgres({ directory: seed, announce: () => {}, settings, whenInUse: 'refuse' });
    await server.stop();
  });
  after(() => rm(seed, { recursive: true }));
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'latchkey-embedded-'));
    running = [];
    announced = [];
  });
  afterEach(async () => {
    // Owners last.
    for (const server of running.sort((a, b) => Number(b.shared) - Number(a.shared))) await server.stop();
    await rm(directory, { recursive: true, force: true });
  });

  return {
    get directory() {
      return directory;
    },
    get announced() {
      return announced;
    },
    get running() {
      return running;
    },
    givenData: () => cp(path.join(seed, 'data'), path.join(directory, 'data'), { recursive: true }),
    async start(
      whenInUse: 'refuse' | 'share' = 'refuse',
      where = directory,
      settings: Record<string, string> = { fsync: 'off' },
    ): Promise<EmbeddedPostgres> {
      const announce = (message: string) => void announced.push(message);
      const server = await startEmbeddedPostgres({ directory: where, announce, settings, whenInUse });
      running.push(server);
      return server;
    },
  };
}
