import type { Config } from '../config/config.ts';
import { openDatabase } from '../database/database.ts';
import { migrate, pendingMigrations } from '../database/migrations.ts';
import { CommandError } from './failure.ts';

/** Sees to it that the database has all migrations: applies what it lacks or, with MIGRATE_AT_START=off, refuses. */
export async function prepareSchema(
  databaseUrl: string,
  config: Config['database'],
  say: (message: string) => void,
): Promise<void> {
  if (config.migrateAtStart) await migrate(databaseUrl, config.connectTimeoutMs, { say });
  else await refuseMissing(databaseUrl, config);
}

async function refuseMissing(databaseUrl: string, config: Config['database']): Promise<void> {
  const database = openDatabase(databaseUrl, { ...config, poolMax: 1 });
  try {
    const missing = await pendingMigrations(database.pool);
    if (missing.length === 0) return;
    const remedy = 'run the command migrate first (npm run migrate), or let MIGRATE_AT_START be on';
    throw new CommandError(`the database lacks ${missing.join(', ')}; ${remedy}`);
  } finally {
    await database.close();
  }
}
