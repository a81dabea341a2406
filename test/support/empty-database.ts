/** An empty database, without even migrations. */
import { randomBytes } from 'node:crypto';
import { openDatabase, type Database } from '../../src/platform/database/database.ts';
import { createDatabase, dropDatabase } from './postgres.ts';

export interface EmptyDatabase {
  readonly name: string;
  readonly url: string;
  readonly database: Database;
  readonly drop: () => Promise<void>;
}

export async function createEmptyDatabase(): Promise<EmptyDatabase> {
  const server = process.env['TEST_SERVER_URL']!;
  const name = `latchkey_empty_${randomBytes(8).toString('hex')}`;
  const url = await createDatabase(server, name);
  const database = openDatabase(url, { poolMax: 4, connectTimeoutMs: 5000, statementTimeoutMs: 10_000 });
  const drop = async () => {
    await database.close();
    await dropDatabase(server, name);
  };
  return { name, url, database, drop };
}
