import type { Knex } from 'knex';
import { loadConfig } from './src/platform/config/config.ts';
import { processEnvironment } from './src/platform/config/env.ts';
import { migrationConfig, migrationSource } from './src/platform/database/migrations.ts';

const { secrets } = loadConfig(processEnvironment());
if (!secrets.databaseUrl) throw new Error('set DATABASE_URL for the knex command line');

const refuse = () => Promise.reject(new Error('knex would roll back without asking; use: npm run migrate -- rollback'));

/** For knex's own command line (`node --import tsx node_modules/knex/bin/cli.js migrate:list`), which must not roll back. */
const config: Knex.Config = {
  client: 'pg',
  connection: secrets.databaseUrl,
  migrations: {
    ...migrationConfig,
    migrationSource: {
      ...migrationSource,
      getMigration: async (name: string) => ({ ...(await migrationSource.getMigration(name)), down: refuse }),
    },
  },
};

export default config;
