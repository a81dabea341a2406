/** Migrations defined by a test, run like those in files. */
import type { Knex } from 'knex';
import { boundLocks, migrationConfig, type MigrationFile } from '../../src/platform/database/migrations.ts';

export type SampleMigration = Partial<MigrationFile> & Pick<MigrationFile, 'up'>;

/** The configuration of a release with these migrations, in this order. */
export function releaseWith(samples: Record<string, SampleMigration>): Knex.MigratorConfig {
  const migrationSource: Knex.MigrationSource<string> = {
    getMigrations: async () => Object.keys(samples),
    getMigrationName: (name) => name,
    getMigration: async (name) => boundLocks({ down: async () => {}, ...samples[name]! }),
  };
  return { ...migrationConfig, migrationSource };
}

/** A migration of one statement, and one that reverts it. */
export function statement(up: string, down = 'select 1', config: MigrationFile['config'] = {}): SampleMigration {
  const run = (sql: string) => async (db: Knex) => {
    await db.raw(sql);
  };
  return { up: run(up), down: run(down), config };
}
