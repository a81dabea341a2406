import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { TrustedProxies } from '../network/proxies.ts';
import { ConfigurationError, EnvironmentReader } from './env.ts';
import { readMail, readServiceName, type MailConfig } from './mail.ts';
import { misspeltVariables } from './misspelt.ts';
import { originOf, readHost, readLinksUrl, readOrigins, readPublicUrl } from './origins.ts';
import { readPages, type PagesConfig } from './pages.ts';
import { readPasskeys, type PasskeysConfig } from './passkeys.ts';
import { readPasswords, type PasswordsConfig } from './passwords.ts';
import { readRateLimit, type RateLimit } from './rate-limit.ts';
import { readSecrets, type Secrets } from './secrets.ts';
import { readTracing, type TracingConfig } from './telemetry.ts';
import { readTrustedProxies } from './trusted-proxies.ts';

/** All settings from the environment, validated. Secrets are kept apart, so that this can be logged. */
export interface Config {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  /** Processes that answer requests; with one there is no primary. */
  readonly workers: number;
  /** The maximum of open connections in one process. */
  readonly maxConnections: number;
  /** The maximum of these for one client, unless it is a trusted proxy. */
  readonly maxConnectionsPerClient: number;
  /** Where the operator server listens; `undefined` if it is off. */
  readonly operators: { readonly host: string; readonly port: number } | undefined;
  /** Whether this server runs the jobs that are due; without it, another has to. */
  readonly runJobs: boolean;
  /** An absolute path. */
  readonly dataDirectory: string;
  readonly database: {
    readonly poolMax: number;
    readonly connectTimeoutMs: number;
    readonly statementTimeoutMs: number;
    readonly preparedStatements: boolean;
    /** Whether `serve` applies pending migrations; if not, it refuses to start without them. */
    readonly migrateAtStart: boolean;
    /** The role that `serve` connects as, if it does not own the tables; `migrate` grants it what it needs. */
    readonly runtimeRole: string | undefined;
  };
  readonly tokens: {
    readonly issuer: string;
    readonly audience: string;
    readonly accessTtlSeconds: number;
  };
  readonly sessions: {
    /** How long a session lives after its login. */
    readonly ttlSeconds: number;
    /** How long it lives without a refresh. */
    readonly idleSeconds: number;
    /** How long a refresh token that was used may be repeated. */
    readonly graceSeconds: number;
    /** The most sessions of one user. */
    readonly perUser: number;
  };
  readonly passwords: PasswordsConfig;
  readonly passkeys: PasskeysConfig;
  /** How long after their deletion users can be restored; then their personal data is erased. */
  readonly eraseAfterDays: number;
  readonly bcryptCost: number;
  /** `undefined` means no limit. */
  readonly rateLimits: {
    readonly standard: RateLimit | undefined;
    readonly credentials: RateLimit | undefined;
  };
  /** Password hashing in one process: how many at once, and how many may queue. */
  readonly hashing: { readonly concurrency: number; readonly queueMax: number };
  readonly corsOrigins: readonly string[];
  readonly trustProxy: TrustedProxies;
  readonly log: { readonly level: LogLevel; readonly format: 'pretty' | 'json' };
  /** `undefined` means no traces. */
  readonly tracing: TracingConfig | undefined;
  /** How long a server that shuts down keeps listening, so that load balancers notice. */
  readonly shutdownDelaySeconds: number;
  readonly shutdownGraceSeconds: number;
  readonly requestTimeoutSeconds: number;
  readonly keepAliveSeconds: number;
  /** An origin: scheme, host and port, without a path. */
  readonly publicUrl: string;
  /** Where the links of mails lead: an origin, and perhaps a path, without a slash at its end. */
  readonly linksUrl: string;
  /** What mails and pages call the service. */
  readonly serviceName: string;
  readonly mail: MailConfig;
  /** The pages for people; `undefined` if they are off. */
  readonly pages: PagesConfig | undefined;
  /** How long audit events are kept. */
  readonly auditRetentionDays: number;
  /** Whether people may register at once, once their address is verified, or not at all. */
  readonly registration: 'open' | 'verified' | 'closed';
  /** Whether only users with a verified address may sign in. */
  readonly requireVerifiedEmail: boolean;
  /** The least role whose users need a second factor; `undefined` if none does. */
  readonly secondFactorFrom: 'user' | 'moderator' | 'admin' | undefined;
  /** Whether people may sign in with a code that is mailed to them. */
  readonly emailCodes: boolean;
  readonly adminEmail: string | undefined;
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
type LogLevel = (typeof logLevels)[number];

interface Loaded {
  readonly config: Config;
  readonly secrets: Secrets;
  /** Likely mistakes that don't prevent a start, one line each. */
  readonly warnings: readonly string[];
}

/** Reads the configuration. Throws a ConfigurationError that names every invalid variable. */
export function loadConfig(variables: NodeJS.ProcessEnv): Loaded {
  const { problems, ...loaded } = readConfig(variables);
  if (problems.length > 0) throw new ConfigurationError(problems);
  return loaded;
}

/** Reads the configuration without throwing: an invalid variable gets its default, and a line in `problems`. */
export function readConfig(variables: NodeJS.ProcessEnv): Loaded & { readonly problems: readonly string[] } {
  const env = new EnvironmentReader(variables);
  const production = isProduction(env);
  const host = readHost(env, 'HOST');
  const port = env.integer('PORT', 8000, 0, 65535);
  const dataDirectory = path.resolve(env.text('DATA_DIR') ?? '.data');
  const workers = env.integer('WORKERS', production ? availableParallelism() : 1, 1, 256);
  const maxConnections = env.integer('MAX_CONNECTIONS', 5000, 1, 1_000_000);
  const secrets = readSecrets(env, { production, dataDirectory });
  const publicUrl = readPublicUrl(env, production, originOf(host, port));
  const corsOrigins = readOrigins(env, 'CORS_ORIGINS');
  const config: Config = {
    production,
    host,
    port,
    workers,
    maxConnections,
    maxConnectionsPerClient: env.integer('MAX_CONNECTIONS_PER_CLIENT', Math.ceil(maxConnections / 10), 1, 1_000_000),
    operators: readOperators(env, port),
    runJobs: env.choice('JOBS', ['on', 'off'], 'on') === 'on',
    dataDirectory,
    database: {
      poolMax: env.integer('DATABASE_POOL_MAX', 10, 1, 1000),
      connectTimeoutMs: env.integer('DATABASE_CONNECT_TIMEOUT_MS', 5000, 100, 120_000),
      statementTimeoutMs: env.integer('DATABASE_STATEMENT_TIMEOUT_MS', 10_000, 100, 600_000),
      preparedStatements: env.choice('DATABASE_PREPARED_STATEMENTS', ['on', 'off'], 'on') === 'on',
      migrateAtStart: env.choice('MIGRATE_AT_START', ['on', 'off'], 'on') === 'on',
      runtimeRole: env.text('DATABASE_RUNTIME_ROLE'),
    },
    tokens: {
      issuer: env.text('JWT_ISSUER') ?? 'latchkey',
      audience: env.text('JWT_AUDIENCE') ?? 'latchkey',
      accessTtlSeconds: env.integer('ACCESS_TOKEN_TTL_SECONDS', 900, 1, 86_400),
    },
    sessions: {
      ttlSeconds: env.integer('REFRESH_TOKEN_TTL_SECONDS', 2_592_000, 1, 31_536_000),
      idleSeconds: env.integer('SESSION_IDLE_SECONDS', 1_209_600, 1, 31_536_000),
      graceSeconds: env.integer('REFRESH_GRACE_SECONDS', 30, 0, 300),
      perUser: env.integer('SESSIONS_PER_USER', 50, 1, 1000),
    },
    passwords: readPasswords(env, production),
    passkeys: readPasskeys(env, { publicUrl, corsOrigins }),
    eraseAfterDays: env.integer('ERASE_AFTER_DAYS', 30, 1, 3650),
    bcryptCost: env.integer('BCRYPT_COST', 12, production ? 10 : 4, 15),
    rateLimits: {
      standard: readRateLimit(env, 'RATE_LIMIT_STANDARD', { requests: 300, windowSeconds: 60 }, production),
      credentials: readRateLimit(env, 'RATE_LIMIT_CREDENTIALS', { requests: 10, windowSeconds: 60 }, production),
    },
    hashing: hashing(env, workers),
    corsOrigins,
    trustProxy: readTrustedProxies(env),
    log: readLog(env, production),
    tracing: readTracing(env),
    shutdownDelaySeconds: env.integer('SHUTDOWN_DELAY_SECONDS', production ? 5 : 0, 0, 3600),
    shutdownGraceSeconds: env.integer('SHUTDOWN_GRACE_SECONDS', 30, 0, 3600),
    requestTimeoutSeconds: env.integer('REQUEST_TIMEOUT_SECONDS', 120, 1, 3600),
    keepAliveSeconds: env.integer('KEEP_ALIVE_SECONDS', 5, 1, 3600),
    publicUrl,
    linksUrl: readLinksUrl(env, production, publicUrl),
    serviceName: readServiceName(env),
    mail: readMail(env, production, secrets.smtpUrl),
    pages: readPages(env, corsOrigins),
    auditRetentionDays: env.integer('AUDIT_RETENTION_DAYS', 365, 30, 36_500),
    registration: env.choice('REGISTRATION', ['open', 'verified', 'closed'], 'open'),
    requireVerifiedEmail: env.choice('REQUIRE_VERIFIED_EMAIL', ['on', 'off'], 'off') === 'on',
    secondFactorFrom: readSecondFactor(env),
    // Whoever reads the mails to an address can also reset the password, so codes let nobody in who could not get in.
    emailCodes: env.choice('EMAIL_CODES', ['on', 'off'], secrets.smtpUrl === 'off' ? 'off' : 'on') === 'on',
    adminEmail: env.text('ADMIN_EMAIL'),
  };
  if (config.sessions.idleSeconds < config.tokens.accessTtlSeconds) {
    const wrong = 'is less than ACCESS_TOKEN_TTL_SECONDS, and a session that can be used is not idle';
    env.refuse('SESSION_IDLE_SECONDS', wrong, 'raise it, or lower the other');
  }
  if (secrets.smtpUrl === 'off') {
    const remedy = 'name a mail server, or let people in without';
    if (config.registration === 'verified') env.refuse('REGISTRATION', 'is verified, but SMTP_URL is off', remedy);
    if (config.requireVerifiedEmail) env.refuse('REQUIRE_VERIFIED_EMAIL', 'is on, but SMTP_URL is off', remedy);
    if (config.emailCodes)
      env.refuse('EMAIL_CODES', 'is on, but SMTP_URL is off', 'name a mail server, or turn it off');
  }
  const isUnread = env.problems.some((problem) => problem.startsWith('ADMIN_PASSWORD_FILE '));
  if ((config.adminEmail === undefined) !== (secrets.adminPassword === undefined) && !isUnread) {
    env.refuse('ADMIN_EMAIL', 'and ADMIN_PASSWORD go together', 'set both or neither');
  }
  for (const { name, meant } of misspeltVariables(variables, env.names)) {
    env.warn(name, 'is not read', `did you mean ${meant.join(' or ')}?`);
  }
  return { config, secrets, problems: env.problems, warnings: env.warnings };
}

function readSecondFactor(env: EnvironmentReader): Config['secondFactorFrom'] {
  const least = env.choice('REQUIRE_SECOND_FACTOR', ['off', 'admin', 'moderator', 'user'], 'off');
  return least === 'off' ? undefined : least;
}

function isProduction(env: EnvironmentReader): boolean {
  return env.choice('NODE_ENV', ['development', 'test', 'production'], 'development') === 'production';
}

function readLog(env: EnvironmentReader, production: boolean): Config['log'] {
  return {
    level: env.choice('LOG_LEVEL', logLevels, 'info'),
    format: env.choice('LOG_FORMAT', ['pretty', 'json'], production ? 'json' : 'pretty'),
  };
}

/** The log format, readable even if the rest of the configuration is invalid. */
export function readLogFormat(variables: NodeJS.ProcessEnv): Config['log']['format'] {
  const env = new EnvironmentReader(variables);
  return readLog(env, isProduction(env)).format;
}

// libuv has four threads; one is left for everything else. A queue of 25 per thread is about five seconds at the default cost.
function hashing(env: EnvironmentReader, workers: number): Config['hashing'] {
  const fallback = Math.min(3, Math.max(1, Math.floor(availableParallelism() / workers)));
  const concurrency = env.integer('HASHING_CONCURRENCY', fallback, 1, 64);
  return { concurrency, queueMax: env.integer('HASHING_QUEUE_MAX', 25 * concurrency, 0, 10_000) };
}

function readOperators(env: EnvironmentReader, publicPort: number): Config['operators'] {
  const host = readHost(env, 'ADMIN_HOST');
  const port = env.integer('ADMIN_PORT', 0, 0, 65535);
  if (port === 0) return undefined;
  if (port === publicPort)
    env.refuse('ADMIN_PORT', 'is the same as PORT', 'give operators a port of their own, such as 9000');
  return { host, port };
}
