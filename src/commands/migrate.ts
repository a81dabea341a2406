import { loadConfig } from '../config/config.ts';
import { processEnvironment } from '../config/env.ts';
import { openDatabase } from '../database/database.ts';
import { migrate, migrationStates, rollBack, type MigrationState } from '../database/migrations.ts';
import { provideDatabase } from './database-url.ts';
import { CommandError } from './failure.ts';

type Action = (databaseUrl: string, connectTimeoutMs: number, say: (message: string) => void) => Promise<void>;

const actions: Record<string, Action> = {
  async up(url, connectTimeoutMs, say) {
    const applied = await migrate(url, connectTimeoutMs, { say });
    say(applied.length === 0 ? 'nothing to migrate' : `${applied.length} applied`);
  },
  async rollback(url, connectTimeoutMs, say) {
    const rolledBack = await rollBack(url, connectTimeoutMs, { say });
    say(rolledBack.length === 0 ? 'nothing to roll back' : `${rolledBack.length} rolled back`);
  },
  async status(url, connectTimeoutMs, say) {
    const database = openDatabase(url, { poolMax: 1, connectTimeoutMs, statementTimeoutMs: connectTimeoutMs });
    try {
      for (const state of await migrationStates(database.pool)) say(describeState(state));
    } finally {
      await database.close();
    }
  },
};

/** `migrate`: applies what the database lacks, as one batch; `migrate rollback` takes the last batch back, `migrate status` lists. */
export async function runMigrate(args: string[]): Promise<void> {
  const [name = 'up', ...rest] = args;
  const act = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!act || rest.length > 0) throw new CommandError('use: npm run migrate, or npm run migrate -- rollback | status');
  const { config, secrets } = loadConfig(processEnvironment());
  const say = (message: string) => process.stdout.write(`${message}\n`);
  const database = await provideDatabase(config, secrets, 'share', say);
  try {
    await act(database.url, config.database.connectTimeoutMs, say);
  } finally {
    await database.stop();
  }
}

function describeState({ name, batch, known }: MigrationState): string {
  if (batch === undefined) return `missing  ${name}`;
  return `applied  ${name} (batch ${batch}${known ? '' : ', of another release'})`;
}
