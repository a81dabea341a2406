import type { Knex } from 'knex';
import { loadConfig } from './src/config/config.ts';
import { processEnvironment } from './src/config/env.ts';
import { migrationConfig } from './src/database/migrations.ts';

const { secrets } = loadConfig(processEnvironment());
if (!secrets.databaseUrl) throw new Error('set DATABASE_URL for the knex command line');

const config: Knex.Config = { client: 'pg', connection: secrets.databaseUrl, migrations: migrationConfig };

export default config;
