import type { Config } from '../config/config.ts';
import type { Secrets } from '../config/secrets.ts';
import { checkConfiguration } from './configuration.ts';
import { checkCores } from './cores.ts';
import { checkDatabase } from './database.ts';
import { checkDescriptors } from './descriptors.ts';
import type { Finding } from './findings.ts';
import { checkLimits } from './limits.ts';
import { checkLog } from './log.ts';
import type { Machine } from './machine.ts';
import { checkMemory } from './memory.ts';
import { checkOperators } from './operators.ts';
import { checkOrigins } from './origins.ts';
import { checkProxy } from './proxy.ts';
import { checkRedis } from './redis.ts';
import { checkRuntime } from './runtime.ts';
import { checkSecrets } from './secrets.ts';
import { checkTls } from './tls.ts';

/** What is to go live. Where a variable can't be used, the configuration has the usual value in its place. */
export interface Candidate {
  readonly config: Config;
  readonly secrets: Secrets;
  /** What the configuration refuses, a line each. */
  readonly problems: readonly string[];
  /** NODE_ENV as it is. */
  readonly environment: string | undefined;
  readonly machine: Machine;
}

/** Runs all checks. It changes nothing, and waits no longer than the configuration's timeouts. */
export async function examine(candidate: Candidate): Promise<Finding[]> {
  const { config, secrets, problems, environment, machine } = candidate;
  const usable = (variable: string) => !problems.some((problem) => problem.startsWith(variable));
  const databaseUrl = usable('DATABASE_URL') ? secrets.databaseUrl : undefined;
  const redisUrl = usable('REDIS_URL') ? secrets.redisUrl : undefined;
  return [
    ...checkConfiguration(problems),
    ...checkRuntime(machine.nodeVersion, environment),
    ...checkSecrets(secrets),
    ...(usable('CORS_ORIGINS') ? [checkOrigins(config.corsOrigins)] : []),
    ...(usable('PUBLIC_URL') ? checkTls(config.publicUrl, { ...secrets, databaseUrl, redisUrl }) : []),
    checkProxy(config),
    checkLimits(config, redisUrl),
    ...checkLog(config.log),
    checkOperators(config.admin),
    checkMemory(machine.memoryBytes, config.workers),
    ...checkCores(machine, config),
    ...checkDescriptors(machine.openFiles, config),
    ...(await checkRedis(redisUrl)),
    ...(databaseUrl === undefined ? [] : await checkDatabase(databaseUrl, config, machine.now)),
  ];
}
