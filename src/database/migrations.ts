import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Knex } from 'knex';
import { openDatabase, type Db } from './database.ts';

const directory = path.join(import.meta.dirname, '..', '..', 'migrations');
const tableName = 'migrations';
const advisoryLock = 0x6c617463; // "latc"

// Names without the ending, so that a migration has one name in src/ and in dist/.
const migrationSource: Knex.MigrationSource<string> = {
  async getMigrations() {
    const files = await readdir(directory);
    return files
      .filter((file) => /^\d{14}_\w+\.[jt]s$/.test(file))
      .map((file) => file.slice(0, -3))
      .sort();
  },
  getMigrationName: (name) => name,
  async getMigration(name) {
    const ending = path.extname(import.meta.filename);
    return (await import(pathToFileURL(path.join(directory, name + ending)).href)) as Knex.Migration;
  },
};

/** What knex needs to know of the migrations; knexfile.ts uses it too. */
export const migrationConfig: Knex.MigratorConfig = { migrationSource, tableName };

/**
 * Applies what is missing and returns its names. An advisory lock lets one process at a time do it and goes with its
 * connection; knex's own lock stays behind when a process dies, so it is freed under the advisory lock.
 */
export async function migrate(databaseUrl: string, connectTimeoutMs: number): Promise<string[]> {
  const database = openDatabase(databaseUrl, { poolMax: 2, connectTimeoutMs, statementTimeoutMs: 0 });
  try {
    return await database.transaction(async (db) => {
      await db.raw('select pg_advisory_xact_lock(?)', [advisoryLock]);
      await database.pool.migrate.forceFreeMigrationsLock(migrationConfig);
      const result: unknown = await database.pool.migrate.latest(migrationConfig);
      const [, applied] = result as [number, string[]];
      return applied;
    });
  } finally {
    await database.close();
  }
}

/** The names of the migrations that the database lacks. It reads only. */
export async function pendingMigrations(db: Db): Promise<string[]> {
  const names = await migrationSource.getMigrations([]);
  const { rows } = await db.raw<{ rows: { made: boolean }[] }>('select to_regclass(?) is not null as made', [
    tableName,
  ]);
  if (!rows[0]?.made) return names;
  const applied = new Set(await db(tableName).pluck<string[]>('name'));
  return names.filter((name) => !applied.has(name));
}
