import type { Config } from '../config/config.ts';
import { ok, warn, type Finding } from './findings.ts';
import type { Machine } from './machine.ts';

/** Whether workers have a core each, and whether hashing leaves a thread to the rest. */
export function checkCores({ cores, threads }: Machine, { workers, hashing }: Config): Finding[] {
  const findings = [
    workers <= cores
      ? ok('cores', `${workers} ${workers === 1 ? 'worker' : 'workers'} on ${cores} ${cores === 1 ? 'core' : 'cores'}`)
      : warn('cores', `${workers} workers share ${cores} cores`, `set WORKERS=${cores} or fewer`),
  ];
  if (hashing.concurrency >= threads) {
    const reason = `hashing takes all ${threads} threads, so that names are not resolved while people sign in`;
    findings.push(warn('cores', reason, `set HASHING_CONCURRENCY below ${threads}, or a higher UV_THREADPOOL_SIZE`));
  }
  return findings;
}
