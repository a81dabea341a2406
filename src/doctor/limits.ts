import type { Config } from '../config/config.ts';
import { ok, warn, type Finding } from './findings.ts';

/** Whether limits count all requests of a client; that they are on, production demands. */
export function checkLimits({ workers }: Pick<Config, 'workers'>, redisUrl: string | undefined): Finding {
  if (redisUrl !== undefined) return ok('limits', 'all processes and hosts count together');
  if (workers === 1) return ok('limits', 'the one process counts; a second instance would count by itself');
  const reason = `each of ${workers} workers counts by itself, so that a client has up to ${workers} times each limit`;
  return warn('limits', reason, 'set REDIS_URL');
}
