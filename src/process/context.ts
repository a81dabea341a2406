import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createAuthService, type AuthService } from '../features/sign-in/sign-in.service.ts';
import { createLoginAttempts } from '../features/passwords/login-attempts.ts';
import type { Config } from '../platform/config/config.ts';
import { findProject } from '../platform/project.ts';
import type { Secrets } from '../platform/config/secrets.ts';
import { createAccessTokenIssuer, type AccessTokenOptions } from '../access/access-tokens.ts';
import { deriveKeys } from '../platform/keys.ts';
import { createPasswords } from '../features/passwords/password-hashing.ts';
import { openDatabase, type Database } from '../platform/database/database.ts';
import { createHealthService, type HealthService } from '../features/health/health.service.ts';
import type { Faults } from '../platform/faults/faults.ts';
import type { Documents } from '../http/documents.ts';
import * as idempotencyRepository from '../features/idempotency/idempotency.repository.ts';
import { createIdempotencyService, type IdempotencyService } from '../features/idempotency/idempotency.service.ts';
import type { RateLimitPolicy } from '../http/rate-limit.ts';
import { createClientCounter, type ClientCounter } from '../platform/limits/client-counter.ts';
import { createCounter } from '../platform/limits/counter.ts';
import type { SharedCounting } from '../platform/limits/counting.ts';
import { openSharedStore } from '../platform/limits/shared-store.ts';
import type { Log } from '../platform/log/log.ts';
import { createMetrics, type Metrics } from '../platform/metrics/metrics.ts';
import { createProxies, type Proxies } from '../platform/network/proxies.ts';
import * as sessionsRepository from '../features/sessions/sessions.repository.ts';
import { createSessionsService, type SessionsService } from '../features/sessions/sessions.service.ts';
import { createPasswordPolicy, type PasswordBounds } from '../features/passwords/password-policy.ts';
import type { Tracing } from '../platform/tracing/tracing.ts';
import { createUserCursors } from '../features/users/user-cursor.ts';
import * as usersRepository from '../features/users/users.repository.ts';
import { createUsersService, type UsersService } from '../features/users/users.service.ts';

/** What handlers may call. */
export interface Services {
  readonly health: HealthService;
  readonly auth: AuthService;
  readonly sessions: SessionsService;
  readonly users: UsersService;
  readonly idempotency: IdempotencyService;
}

/** What watches the server from outside; either may be off. */
export interface Observers {
  readonly tracing?: Tracing | undefined;
  readonly faults?: Faults | undefined;
}

/** Everything that lives as long as the process. */
export interface Context extends Observers {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly database: Database;
  readonly accessTokens: AccessTokenOptions;
  readonly services: Services;
  /** What the limits on requests count with; `undefined` is no limit. */
  readonly limits: Record<RateLimitPolicy, ClientCounter | undefined>;
  readonly documents: Documents;
  /** Who stands in front. */
  readonly proxies: Proxies;
  /** From now on readiness says that the server is stopping. */
  readonly beginStopping: () => void;
  readonly close: () => Promise<void>;
}

/** Begins to count by a primary; hears whether that is away. */
type CountByPrimary = (log: Log, tell: (away: boolean) => void) => SharedCounting;

/** Builds the context; `databaseUrl` is the one to use, wherever it comes from. A worker gives what counts by its primary. */
export async function createContext(
  config: Config,
  secrets: Secrets,
  databaseUrl: string,
  log: Log,
  observers: Observers = {},
  countByPrimary?: CountByPrimary,
): Promise<Context> {
  const project = findProject();
  const documents = readDocuments(project.root, config.publicUrl);
  const keys = deriveKeys(secrets.jwtSecrets);
  const { accessTtlSeconds, refreshTtlSeconds, issuer, audience } = config.tokens;
  const accessTokens = { keys: keys.accessTokens, issuer, audience, ttlSeconds: accessTtlSeconds };
  const metrics = createMetrics({ version: project.version });
  const passwords = createPasswords({ cost: config.bcryptCost, ...config.hashing }, metrics);
  const store =
    secrets.redisUrl === undefined
      ? undefined
      : await openSharedStore(secrets.redisUrl, log, (away) => metrics.limitsDegraded(away));
  const primary = countByPrimary?.(log, (away) => store ?? metrics.limitsDegraded(away));
  const counting = [store, primary].filter((each) => each !== undefined);
  const { standard, credentials, account } = config.rateLimits;
  const database = openDatabase(databaseUrl, config.database, observers.tracing?.watchConnection);
  metrics.watchPool(database.poolState);
  let stopping = false;

  const sessions = createSessionsService({
    database,
    sessions: sessionsRepository,
    issueAccessToken: createAccessTokenIssuer(accessTokens),
    accessTtlSeconds,
    refreshTtlSeconds,
    log,
    record: metrics.refreshEnded,
  });
  const idempotency = createIdempotencyService({ database, replies: idempotencyRepository, keys: keys.idempotency });
  const users = createUsersService({
    database,
    users: usersRepository,
    sessions: sessionsRepository,
    idempotency,
    passwords,
    checkPassword: createPasswordPolicy(passwordBounds(documents.contract.toString())),
    cursors: createUserCursors(keys.cursors),
  });
  const services: Services = {
    health: createHealthService({ database, version: project.version, isStopping: () => stopping }),
    auth: createAuthService({
      database,
      users: usersRepository,
      sessions,
      passwords,
      attempts: createLoginAttempts(account && createCounter('account', account, counting), keys.accounts, () =>
        metrics.limitHit('account'),
      ),
      record: metrics.loginEnded,
    }),
    sessions,
    users,
    idempotency,
  };
  return {
    config,
    log,
    ...observers,
    metrics,
    database,
    accessTokens,
    services,
    limits: {
      standard: standard && createClientCounter('standard', standard, counting),
      credentials: credentials && createClientCounter('credentials', credentials, counting),
    },
    documents,
    proxies: createProxies(config.trustProxy),
    beginStopping: () => {
      stopping = true;
    },
    async close() {
      store?.close();
      await database.close();
    },
  };
}

// Where the contract says that the server is: in its list of servers, for who generates clients, and in its examples.
const writtenOrigins = /http:\/\/127\.0\.0\.1:8000|https:\/\/accounts\.example\.com/g;

function readDocuments(root: string, publicUrl: string): Documents {
  const read = (...names: string[]) => readFileSync(path.join(root, ...names));
  const readHere = (...names: string[]) =>
    Buffer.from(
      read(...names)
        .toString()
        .replaceAll(writtenOrigins, publicUrl),
    );
  const readAll = (...names: string[]) =>
    new Map(readdirSync(path.join(root, ...names)).map((file) => [file, read(...names, file)]));
  return {
    contract: readHere('generated', 'openapi.json'),
    contractYaml: readHere('dist', 'openapi.yaml'),
    docs: readHere('dist', 'docs.html'),
    console: readAll('dist', 'console'),
    workflows: readAll('dist', 'workflows'),
  };
}

function passwordBounds(contract: string): PasswordBounds {
  const { components } = JSON.parse(contract) as { components: { schemas: { Password: PasswordBounds } } };
  return components.schemas.Password;
}
