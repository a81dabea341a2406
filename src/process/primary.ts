import cluster from 'node:cluster';
import { createSupervisor } from './supervisor.ts';
import type { Context } from './context.ts';
import { CommandError } from './failure.ts';
import { countForWorkers } from './limits.ts';
import { openOperatorPort } from './observers.ts';
import { statusOfWorkers } from './status.ts';

// What a worker may take after its grace period, to close its pools.
const closingMs = 5000;

/** `serve` in the primary: starts the workers and what they share, and resolves with their port; SIGHUP replaces them. */
export async function serveWithWorkers(context: Context, ends: (() => unknown)[]): Promise<number> {
  const { config, log, metrics } = context;
  process.title = 'latchkey serve primary';
  cluster.setupPrimary({ args: ['worker'] });
  const supervisor = createSupervisor({
    workers: config.workers,
    endTimeoutMs: (config.shutdownDelaySeconds + config.shutdownGraceSeconds) * 1000 + closingMs,
    log,
    recordDeath: metrics.workerDied,
  });
  metrics.becomePrimary(config.workers);
  const status = statusOfWorkers(cluster, metrics.snapshot);
  metrics.watchReadiness(status.checkReadiness);
  const admin = await openOperatorPort(config, log, status);
  if (admin) ends.push(admin.stop, metrics.watchProcess());
  ends.push(status.stop, countForWorkers(cluster), supervisor.stop);
  process.on('SIGHUP', () => void supervisor.roll());
  try {
    return await supervisor.start();
  } catch (error) {
    throw new CommandError((error as Error).message, { cause: error });
  }
}
