import path from 'node:path';
import type { Config } from '../config/config.ts';
import type { Secrets } from '../config/secrets.ts';
import { startEmbeddedPostgres } from '../database/embedded-postgres.ts';

/** The database that a command works on. */
export interface CommandDatabase {
  readonly url: string;
  /** Ends what was started for the command. */
  readonly stop: () => Promise<void>;
}

/** The database of DATABASE_URL, or the embedded one; a server owns it, a tool may share it with a running server. */
export async function provideDatabase(
  config: Config,
  secrets: Secrets,
  whenInUse: 'refuse' | 'share',
  announce: (message: string) => void,
): Promise<CommandDatabase> {
  if (secrets.databaseUrl !== undefined) return { url: secrets.databaseUrl, stop: async () => {} };
  return startEmbeddedPostgres({ directory: path.join(config.dataDirectory, 'postgres'), announce, whenInUse });
}
