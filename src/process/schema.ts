import type { Config } from '../platform/config/config.ts';
import { openDatabase } from '../platform/database/database.ts';
import { migrate, type MigrationState } from '../platform/database/migrations.ts';
import { UnfitDatabaseError } from '../platform/database/refusals.ts';
import { examineDatabase } from '../platform/database/requirements.ts';
import { CommandError } from './failure.ts';
import { callOf } from './usage.ts';

/** Ensures that all migrations are applied: applies pending ones or, with MIGRATE_AT_START=off, throws a CommandError. */
export async function prepareSchema(
  databaseUrl: string,
  config: Config['database'],
  say: (message: string) => void,
): Promise<void> {
  const states = await requireFit(databaseUrl, config, { migrating: config.migrateAtStart });
  const missing = states.filter(({ batch }) => batch === undefined).map(({ name }) => name);
  if (missing.length === 0) return;
  if (!config.migrateAtStart) {
    const remedy = `run the command migrate first (${callOf('migrate')}), or set MIGRATE_AT_START=on`;
    throw new CommandError(`the database lacks ${missing.join(', ')}; ${remedy}`);
  }
  await migrate(databaseUrl, config.connectTimeoutMs, { say });
}

/**
 * The migrations of a database that meets every requirement. Throws an UnfitDatabaseError; `report` gets the migrations even
 * then, as far as they can be read.
 */
export async function requireFit(
  databaseUrl: string,
  config: Config['database'],
  options: { readonly migrating: boolean; readonly report?: (states: readonly MigrationState[]) => void },
): Promise<readonly MigrationState[]> {
  const database = openDatabase(databaseUrl, { ...config, poolMax: 1 });
  try {
    const { unmet, states = [] } = await examineDatabase(database.pool, options);
    options.report?.(states);
    if (unmet.length > 0) throw new UnfitDatabaseError(unmet);
    return states;
  } finally {
    await database.close();
  }
}
