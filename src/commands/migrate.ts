import { loadConfig } from '../config/config.ts';
import { processEnvironment } from '../config/env.ts';
import { migrate } from '../database/migrations.ts';
import { provideDatabase } from './database-url.ts';

/** `migrate`: applies what the database lacks, and says what it was. */
export async function runMigrate(): Promise<void> {
  const { config, secrets } = loadConfig(processEnvironment());
  const say = (message: string) => process.stdout.write(`${message}\n`);
  const database = await provideDatabase(config, secrets, 'share', say);
  try {
    const applied = await migrate(database.url, config.database.connectTimeoutMs);
    for (const name of applied) say(`applied ${name}`);
    say(applied.length === 0 ? 'nothing to migrate' : `${applied.length} migrations applied`);
  } finally {
    await database.stop();
  }
}
