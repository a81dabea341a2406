import type { Config } from './config/config.ts';
import type { Secrets } from './config/secrets.ts';
import { readContract, type Contract } from './contract.ts';
import { openDatabase, type Database, type WatchConnection } from './database/database.ts';
import { createJobQueue, type JobQueue } from './jobs/queue.ts';
import { deriveKeys, type Keys } from './keys.ts';
import type { SharedCounting } from './limits/counting.ts';
import { openSharedStore } from './limits/shared-store.ts';
import type { Log } from './log/log.ts';
import { createMailJobs, type MailJobs } from './mail/mail.ts';
import { createMetrics, type Metrics } from './metrics/metrics.ts';
import { findProject } from './project.ts';

/** What features are built on. It knows none of them. */
export interface Platform {
  readonly version: string;
  readonly config: Config;
  readonly contract: Contract;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly database: Database;
  readonly keys: Keys;
  /** Where features enqueue jobs. */
  readonly jobs: JobQueue;
  readonly mail: MailJobs;
  /** Where counts are shared, in order of preference; if none is available, each process counts on its own. */
  readonly counting: readonly SharedCounting[];
  /** Aborted when the server begins to stop. */
  readonly stopping: AbortSignal;
}

/** Starts counting through the primary; `report` gets whether it is unavailable. */
export type CountByPrimary = (log: Log, report: (isUnavailable: boolean) => void) => SharedCounting;

export interface PlatformOptions {
  readonly watchConnection?: WatchConnection | undefined;
  /** Given in a worker. */
  readonly countByPrimary?: CountByPrimary | undefined;
}

/** A platform together with the means to stop and close it. */
export interface OwnedPlatform extends Platform {
  /** From now on the server is not ready. */
  readonly beginStopping: () => void;
  readonly close: () => Promise<void>;
}

/** Creates a platform on a database that the caller closes. */
export function createPlatform(
  parts: Pick<Platform, 'config' | 'log' | 'database' | 'stopping'> &
    Pick<Secrets, 'jwtSecrets' | 'signingKeys' | 'factorKeys' | 'smtpUrl'>,
): Platform {
  const { jwtSecrets, signingKeys, factorKeys, smtpUrl, ...given } = parts;
  const { version } = findProject();
  const metrics = createMetrics({ version });
  return {
    ...given,
    version,
    contract: readContract(),
    metrics,
    keys: deriveKeys(jwtSecrets, signingKeys, factorKeys),
    jobs: createJobQueue(),
    mail: createMailJobs({ ...given, smtpUrl }),
    counting: [],
  };
}

/** Creates a platform with its own pool, which connects when first used, and shared store. */
export async function openPlatform(
  config: Config,
  secrets: Secrets,
  databaseUrl: string,
  log: Log,
  { watchConnection, countByPrimary }: PlatformOptions = {},
): Promise<OwnedPlatform> {
  const { redisUrl } = secrets;
  const database = openDatabase(databaseUrl, config.database, watchConnection);
  const stopping = new AbortController();
  const platform = createPlatform({ config, log, database, ...secrets, stopping: stopping.signal });
  const { metrics } = platform;
  metrics.watchPool(database.poolState);
  const store =
    redisUrl === undefined
      ? undefined
      : await openSharedStore(redisUrl, log, (isUnavailable) => metrics.limitsDegraded(isUnavailable));
  const primary = countByPrimary?.(log, (isUnavailable) => store ?? metrics.limitsDegraded(isUnavailable));
  return {
    ...platform,
    counting: [store, primary].filter((each) => each !== undefined),
    beginStopping: () => stopping.abort(),
    async close() {
      store?.close();
      await database.close();
    },
  };
}
