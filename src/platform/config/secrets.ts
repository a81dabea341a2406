import { randomBytes, type KeyObject } from 'node:crypto';
import path from 'node:path';
import type { KeyPair } from '../signing-keys.ts';
import { readDatabaseUrl } from './database-url.ts';
import { commaSeparated, type EnvironmentReader } from './env.ts';
import { readFactorKeys } from './factor-keys.ts';
import { readKeptFile } from './kept-file.ts';
import { readSigningKeys } from './signing-keys.ts';
import { keyValues } from './telemetry.ts';
import { readSmtpUrl } from './smtp-url.ts';
import { canDecodeCredentials, hasUnescapedCredentials, percentEncoding } from './url-credentials.ts';

/** Values that must never be printed or logged. */
export interface Secrets {
  /** `undefined` means the embedded PostgreSQL. */
  readonly databaseUrl: string | undefined;
  /** At least one; all other keys but the signing keys are derived from them. */
  readonly jwtSecrets: readonly string[];
  /** What signs access tokens; without one, the first secret does. */
  readonly signingKeys: readonly KeyPair[];
  /** What the seeds of authenticator apps are encrypted under, the newest first; without one, a key derived from the secrets is used. */
  readonly factorKeys: readonly KeyObject[];
  readonly adminPassword: string | undefined;
  /** The Redis that all processes share counters in; without it each counts on its own. */
  readonly redisUrl: string | undefined;
  /** The server that takes mails, or `off`; in development, without one they are written to files. */
  readonly smtpUrl: string | undefined;
  /** Where faults are reported, if anywhere. Its key lets anyone write there. */
  readonly sentryDsn: string | undefined;
  /** Headers of trace exports, such as the collector's API key. */
  readonly tracingHeaders: Readonly<Record<string, string>>;
}

const minimumLength = 32;

/** Reads the secrets. In development, without JWT_SECRETS, a secret and a signing key are created once and kept in the data directory. */
export function readSecrets(
  env: EnvironmentReader,
  { production, dataDirectory }: { production: boolean; dataDirectory: string },
): Secrets {
  const given = commaSeparated(env.secret('JWT_SECRETS') ?? '');
  const keptIn = given.length === 0 && !production ? dataDirectory : undefined;
  const jwtSecrets = keptIn === undefined ? checkSecrets(env, given, production) : readKeptSecret(env, keptIn);
  return {
    databaseUrl: readDatabaseUrl(env, production),
    jwtSecrets,
    signingKeys: readSigningKeys(env, jwtSecrets.length > 0 ? keptIn : undefined),
    factorKeys: readFactorKeys(env),
    adminPassword: env.password('ADMIN_PASSWORD'),
    redisUrl: redisUrl(env),
    smtpUrl: readSmtpUrl(env, production),
    sentryDsn: sentryDsn(env),
    tracingHeaders: keyValues(env, 'OTEL_EXPORTER_OTLP_HEADERS', env.secret('OTEL_EXPORTER_OTLP_HEADERS')),
  };
}

function redisUrl(env: EnvironmentReader): string | undefined {
  const text = env.secret('REDIS_URL');
  if (text === undefined) return undefined;
  const remedy = 'give a URL such as redis://:password@host:6379, or rediss:// for TLS';
  if (!/^rediss?:\/\//.test(text)) env.refuse('REDIS_URL', 'is not a redis:// URL', remedy);
  else if (hasUnescapedCredentials(text)) {
    env.refuse('REDIS_URL', 'contains a special character that ends the user or the password', percentEncoding);
  } else if (!URL.canParse(text)) env.refuse('REDIS_URL', 'is not a redis:// URL', remedy);
  else if (!canDecodeCredentials(text)) env.refuse('REDIS_URL', 'contains a % that encodes nothing', percentEncoding);
  return text;
}

function sentryDsn(env: EnvironmentReader): string | undefined {
  const dsn = env.secret('SENTRY_DSN');
  if (dsn !== undefined && !/^https?:\/\/[^/@\s]+@[^/\s]+\/(?:\S+\/)?\d+$/.test(dsn)) {
    env.refuse('SENTRY_DSN', 'is not a DSN', 'copy it from the project, such as https://key@sentry.example.com/1');
  }
  return dsn;
}

function checkSecrets(env: EnvironmentReader, secrets: string[], production: boolean): string[] {
  const remedy = 'generate one with: openssl rand -base64 48';
  if (secrets.length === 0) env.refuse('JWT_SECRETS', 'is missing', remedy);
  for (const [index, secret] of secrets.entries()) {
    const which = secrets.length > 1 ? ` (number ${index + 1})` : '';
    if (secret.length < minimumLength) {
      env.refuse('JWT_SECRETS', `has fewer than ${minimumLength} characters${which}`, remedy);
    } else if (production && isGuessable(secret)) {
      env.refuse('JWT_SECRETS', `is guessable${which}`, remedy);
    }
  }
  return secrets;
}

const keptName = 'jwt-secret';

/** Where the secret of development is kept. */
export const developmentSecretIn = (dataDirectory: string): string => path.join(dataDirectory, keptName);

function readKeptSecret(env: EnvironmentReader, dataDirectory: string): string[] {
  const file = { directory: dataDirectory, name: keptName, make: () => randomBytes(48).toString('base64url') };
  const secret = readKeptFile(env, file)?.trim();
  if (secret === undefined) return [];
  if (secret.length >= minimumLength) return [secret];
  env.refuse('DATA_DIR', 'contains a jwt-secret that is too short', 'remove that file, and a new one is created');
  return [];
}

// Words from an example, too few distinct characters to be random, a run along the keyboard or the alphabet, a repetition.
function isGuessable(secret: string): boolean {
  return (
    /change.?me|example|replace|your.?(\d+.?bit.?)?secret|placeholder|password|development|latchkey/i.test(secret) ||
    /qwert|asdfg|zxcvb|letmein/i.test(secret) ||
    new Set(secret).size < 12 ||
    stepsOf(secret) > secret.length / 3 ||
    isRepetition(secret)
  );
}

// How many characters follow their predecessor in the alphabet or the digits, as in abc or 321.
function stepsOf(text: string): number {
  const codes = Array.from(text, (character) => character.charCodeAt(0));
  return codes.filter((code, index) => Math.abs(code - (codes[index - 1] ?? NaN)) <= 1).length;
}

function isRepetition(text: string): boolean {
  const lengths = Array.from({ length: Math.floor(text.length / 2) }, (_, index) => index + 1);
  return lengths.some((length) => text.startsWith(text.slice(length)));
}
