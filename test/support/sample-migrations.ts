/** Migrations that a test makes up, run as those of files are. */
import type { Knex } from 'knex';
import { boundLocks, migrationConfig } from '../../src/database/migrations.ts';

export interface SampleMigration {
  readonly up: (db: Knex) => Promise<void>;
  readonly down?: (db: Knex) => Promise<void>;
  readonly config?: { readonly transaction?: boolean };
  readonly phase?: 'contract';
}

/** The configuration of a release that has these migrations, in this order. */
export function releaseWith(samples: Record<string, SampleMigration>): Knex.MigratorConfig {
  const migrationSource: Knex.MigrationSource<string> = {
    getMigrations: async () => Object.keys(samples),
    getMigrationName: (name) => name,
    getMigration: async (name) => boundLocks({ down: async () => {}, ...samples[name]! }),
  };
  return { ...migrationConfig, migrationSource };
}

/** A migration of one statement and one to take it back. */
export function statement(up: string, down = 'select 1', config: SampleMigration['config'] = {}): SampleMigration {
  const run = (sql: string) => async (db: Knex) => {
    await db.raw(sql);
  };
  return { up: run(up), down: run(down), config };
}
