import path from 'node:path';
import type { Config } from '../platform/config/config.ts';
import type { Secrets } from '../platform/config/secrets.ts';
import { startEmbeddedPostgres } from '../platform/embedded-postgres/embedded-postgres.ts';
import { hasData } from '../platform/embedded-postgres/data.ts';
import { CommandError } from './failure.ts';

/** The database that a command works on. */
export interface CommandDatabase {
  readonly url: string;
  /** Stops what was started for the command. */
  readonly stop: () => Promise<void>;
}

/**
 * How a process uses the embedded PostgreSQL: `own` it, `share` it with other servers, or only `visit` one that a server created.
 */
export type Claim = 'own' | 'share' | 'visit';

/** The database of DATABASE_URL, or the embedded one. Throws an EmbeddedPostgresError. */
export async function provideDatabase(
  config: Config,
  secrets: Secrets,
  claim: Claim,
  announce: (message: string) => void,
): Promise<CommandDatabase> {
  if (secrets.databaseUrl !== undefined) return { url: secrets.databaseUrl, stop: async () => {} };
  const directory = path.join(config.dataDirectory, 'postgres');
  if (claim === 'visit' && !(await hasData(directory))) {
    throw new CommandError(
      `there is no database in ${directory}; set DATA_DIR to the server's or DATABASE_URL, or start the server once (npm start)`,
    );
  }
  return startEmbeddedPostgres({ directory, announce, whenInUse: claim === 'own' ? 'refuse' : 'share' });
}
