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
  checkRates,
} from './configuration.ts';
import { checkDatabase } from './database.ts';
import type { Finding } from '../platform/findings.ts';
import { checkMachine, type Machine } from './machine.ts';
import { checkDatabaseTls, checkOrigins, checkProxy, checkPublicUrl, checkRedisTls } from './network.ts';
import { checkRedis } from './redis.ts';
import { checkSecrets } from './secrets.ts';

/** What is to go live. Where a variable can't be used, the configuration has the usual value in its place. */
export interface Candidate {
  readonly config: Config;
  readonly secrets: Secrets;
  /** What the configuration refuses, a line each. */
  readonly problems: readonly string[];
  /** What the configuration warns of, a line each. */
  readonly warnings: readonly string[];
  /** NODE_ENV as it is. */
  readonly environment: string | undefined;
  readonly machine: Machine;
}

/** Runs all checks. It changes nothing, and waits for a database or a Redis no longer than the configuration's timeouts. */
export async function examine(candidate: Candidate): Promise<Finding[]> {
  const { config, secrets, problems, warnings, environment, machine } = candidate;
  const usable = (variable: string) => !problems.some((problem) => problem.startsWith(variable));
  const databaseUrl = usable('DATABASE_URL') ? secrets.databaseUrl : undefined;
  const redisUrl = usable('REDIS_URL') ? secrets.redisUrl : undefined;
  // Both at once, since either may keep silent until its timeout.
  const [ofRedis, ofDatabase] = await Promise.all([
    redisUrl === undefined ? [] : checkRedis(redisUrl),
    databaseUrl === undefined ? [] : checkDatabase(databaseUrl, config),
  ]);
  const { corsOrigins, publicUrl, trustProxy } = config;
  return [
    ...checkConfiguration(problems, warnings),
    checkEnvironment(environment),
    ...checkSecrets({ ...secrets, databaseUrl }),
    ...(usable('CORS_ORIGINS') ? [checkOrigins(corsOrigins)] : []),
    ...(usable('PUBLIC_URL') ? [checkPublicUrl(publicUrl)] : []),
    ...(usable('TRUST_PROXY') ? [checkProxy(trustProxy, publicUrl)] : []),
    checkLimits(config.workers, redisUrl),
    ...checkRates(config.rateLimits),
    ...checkAdminEmail(config.adminEmail),
    ...checkLog(config.log),
    checkOperators(config.operators),
    checkJobs(config.runJobs),
    ...checkMachine(machine, config),
    ...(redisUrl === undefined ? [] : [checkRedisTls(redisUrl)]),
    ...ofRedis,
    ...(databaseUrl === undefined ? [] : [checkDatabaseTls(databaseUrl)]),
    ...ofDatabase,
  ];
}
