import { openDatabase, type Database, type Db } from '../platform/database/database.ts';
import { provideDatabase } from './command-database.ts';
import { loadEnvironment } from './environment.ts';
import { CommandError } from './failure.ts';
import { requireFit } from './schema.ts';
import { callOf } from './usage.ts';

// A statement may wait for another command's, such as a second import.
const statementTimeoutMs = 120_000;

/** Runs a command's work on the database, beside any server. Throws a CommandError if migrations are missing. */
export async function visitDatabase(work: (db: Db, database: Database) => Promise<void>): Promise<void> {
  const { config, secrets } = loadEnvironment();
  const { url, stop } = await provideDatabase(config, secrets, 'visit', () => {});
  try {
    const states = await requireFit(url, config.database, { migrating: false });
    if (states.some(({ known, batch }) => known && batch === undefined)) {
      throw new CommandError(`the database lacks migrations; run ${callOf('migrate')} first`);
    }
    const database = openDatabase(url, { ...config.database, poolMax: 1, statementTimeoutMs });
    try {
      await work(database.pool, database);
    } finally {
      await database.close();
    }
  } finally {
    await stop();
  }
}
