/** A separate database for each test file, copied from the migrated template. */
import { randomBytes } from 'node:crypto';
import { openDatabase, type Database, type Db } from '../../src/platform/database/database.ts';
import { createDatabase, dropDatabase } from './postgres.ts';

export interface TestDatabase {
  readonly url: string;
  readonly database: Database;
  readonly db: Db;
}

/** The template's name, the same in all processes of a run. */
export function templateName(): string {
  return process.env['TEST_TEMPLATE'] ?? `latchkey_template_${process.pid}`;
}

/** Makes a copy of the template; the returned function drops it. */
export async function copyTemplate(): Promise<{ url: string; drop: () => Promise<void> }> {
  const server = process.env['TEST_SERVER_URL'];
  if (!server) throw new Error('no PostgreSQL was started for this run, since it has only unit tests');
  const name = `latchkey_test_${randomBytes(8).toString('hex')}`;
  const url = await createDatabase(server, name, templateName());
  return { url, drop: () => dropDatabase(server, name) };
}

/** Provides a database for the suite. */
export function useDatabase(): TestDatabase {
  let state: { url: string; database: Database; drop: () => Promise<void> } | undefined;
  const current = () => {
    if (!state) throw new Error("the database doesn't exist yet: use it in hooks and tests only");
    return state;
  };
  before('copy the template database', async () => {
    const { url, drop } = await copyTemplate();
    const database = openDatabase(url, { poolMax: 4, connectTimeoutMs: 5000, statementTimeoutMs: 10_000 });
    state = { url, database, drop };
  });
  after('drop the database', async () => {
    await state?.database.close();
    await state?.drop();
  });
  return {
    get url() {
      return current().url;
    },
    get database() {
      return current().database;
    },
    get db() {
      return current().database.pool;
    },
  };
}
