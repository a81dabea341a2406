import type { Config } from '../platform/config/config.ts';
import type { Secrets } from '../platform/config/secrets.ts';
import {
  checkAdminEmail,
  checkConfiguration,
  checkEnvironment,
  checkJobs,
  checkLimits,
  checkLog,
  checkOperators,
  checkPasswords,
  checkSecondFactor,
  checkRates,
} from './configuration.ts';
import { checkDatabase } from './database.ts';
import type { Finding } from '../platform/findings.ts';
import { checkMail } from './mail.ts';
import { checkMachine, type Machine } from './machine.ts';
import { checkDatabaseTls, checkOrigins, checkProxy, checkPublicUrl, checkRedisTls } from './network.ts';
import { checkPasskeys } from './passkeys.ts';
import { checkRedis } from './redis.ts';
import { checkSecrets } from './secrets.ts';
import { checkSigningKeys } from './signing-keys.ts';

/** The environment to check. Where a variable is invalid, the configuration has its default. */
export interface Candidate {
  readonly config: Config;
  readonly secrets: Secrets;
  /** The problems of the configuration, one line each. */
  readonly problems: readonly string[];
  /** The warnings of the configuration, one line each. */
  readonly warnings: readonly string[];
  /** NODE_ENV as it is. */
  readonly environment: string | undefined;
  /** JWT_SIGNING_KEYS_FILE, if it is set. */
  readonly signingKeysFile: string | undefined;
  readonly machine: Machine;
}

/** Runs all checks. Changes nothing, and waits for the database and Redis no longer than the configured timeouts. */
export async function examine(candidate: Candidate): Promise<Finding[]> {
  const { config, secrets, problems, warnings, environment, machine } = candidate;
  const usable = (variable: string) => !problems.some((problem) => problem.startsWith(variable));
  const databaseUrl = usable('DATABASE_URL') ? secrets.databaseUrl : undefined;
  const redisUrl = usable('REDIS_URL') ? secrets.redisUrl : undefined;
  // Both at once, because either may take until its timeout.
  const smtpUrl = usable('SMTP_URL') ? secrets.smtpUrl : undefined;
  const [ofRedis, ofMail, ofDatabase] = await Promise.all([
    redisUrl === undefined ? [] : checkRedis(redisUrl),
    smtpUrl === undefined ? [] : checkMail(smtpUrl),
    databaseUrl === undefined ? [] : checkDatabase(databaseUrl, config, secrets),
  ]);
  const { corsOrigins, publicUrl, trustProxy } = config;
  const { accessTtlSeconds, issuer } = config.tokens;
  const signingKeys = { keys: secrets.signingKeys, file: candidate.signingKeysFile, issuer, accessTtlSeconds };
  return [
    ...checkConfiguration(problems, warnings),
    checkEnvironment(environment),
    ...checkSecrets({ ...secrets, databaseUrl }),
    ...(usable('JWT_SIGNING_KEYS') ? checkSigningKeys(signingKeys) : []),
    ...(usable('CORS_ORIGINS') ? [checkOrigins(corsOrigins)] : []),
    ...(usable('PUBLIC_URL') ? [checkPublicUrl(publicUrl)] : []),
    ...(['WEBAUTHN', 'PUBLIC_URL', 'CORS_ORIGINS'].every(usable) ? [checkPasskeys(config)] : []),
    ...(usable('TRUST_PROXY') ? [checkProxy(trustProxy, publicUrl)] : []),
    checkLimits(config.workers, redisUrl),
    ...checkRates(config.rateLimits),
    checkPasswords(config.passwords),
    checkSecondFactor(config.secondFactorFrom),
    ...checkAdminEmail(config.adminEmail),
    ...checkLog(config.log),
    checkOperators(config.operators),
    checkJobs(config.runJobs),
    ...checkMachine(machine, config),
    ...(redisUrl === undefined ? [] : [checkRedisTls(redisUrl)]),
    ...ofRedis,
    ...ofMail,
    ...(databaseUrl === undefined ? [] : [checkDatabaseTls(databaseUrl)]),
    ...ofDatabase,
  ];
}
