import { createAssurance } from '../access/assurance.ts';
import { createAuthorization } from '../access/authorization.ts';
import { createFeatures, gather, handlersOf, type Features } from '../features/features.ts';
import type { Handlers } from '../http/operation.ts';
import type { RateLimitPolicy } from '../http/rate-limit.ts';
import type { Config } from '../platform/config/config.ts';
import type { Secrets } from '../platform/config/secrets.ts';
import type { Faults } from '../platform/faults/faults.ts';
import { createClientCounter, type ClientCounter } from '../platform/limits/client-counter.ts';
import type { Log } from '../platform/log/log.ts';
import { createProxies, type Proxies } from '../platform/network/proxies.ts';
import { openPlatform, type CountByPrimary, type OwnedPlatform } from '../platform/platform.ts';
import type { Tracing } from '../platform/tracing/tracing.ts';

/** Tracing and fault reports; either may be off. */
export interface Observers {
  readonly tracing?: Tracing | undefined;
  readonly faults?: Faults | undefined;
}

/** Everything that lives as long as the process. */
export interface Context extends OwnedPlatform, Observers {
  readonly features: Features;
  readonly handlers: Handlers;
  readonly authorize: ReturnType<typeof createAuthorization>;
  readonly assure: ReturnType<typeof createAssurance>;
  /** The counters of the rate limits; `undefined` means no limit. */
  readonly limits: Record<RateLimitPolicy, ClientCounter | undefined>;
  /** The proxies in front of the server. */
  readonly proxies: Proxies;
}

/** Builds the context on the database of `databaseUrl`. A worker passes `countByPrimary`. */
export async function createContext(
  config: Config,
  secrets: Secrets,
  databaseUrl: string,
  log: Log,
  observers: Observers = {},
  countByPrimary?: CountByPrimary,
): Promise<Context> {
  const watchConnection = observers.tracing?.watchConnection;
  const platform = await openPlatform(config, secrets, databaseUrl, log, { watchConnection, countByPrimary });
  const features = createFeatures(platform);
  const schemes = gather(features, 'schemes');
  const { standard, credentials } = config.rateLimits;
  return {
    ...platform,
    ...observers,
    features,
    handlers: handlersOf(features),
    authorize: createAuthorization(schemes, config.secondFactorFrom),
    assure: createAssurance(schemes),
    limits: {
      standard: standard && createClientCounter('standard', standard, platform.counting),
      credentials: credentials && createClientCounter('credentials', credentials, platform.counting),
    },
    proxies: createProxies(config.trustProxy),
  };
}
