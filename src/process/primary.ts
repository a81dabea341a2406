import cluster from 'node:cluster';
import { createSupervisor } from './supervisor.ts';
import type { Context } from './context.ts';
import { countForWorkers } from '../platform/limits/primary.ts';
import { scrapeWorkers } from './across-workers.ts';
import { CommandError } from './failure.ts';
import { openOperatorPort } from './observers.ts';

// What a worker may take to end beyond its grace: it still closes its pools.
const closingMs = 5000;

/** `serve` in the primary: starts the workers and resolves with their port; SIGHUP replaces them. What workers share belongs here. */
export async function serveByWorkers(context: Context, ends: (() => unknown)[]): Promise<number> {
  const { config, log, metrics } = context;
  process.title = 'latchkey serve primary';
  cluster.setupPrimary({ args: ['worker'] });
  const supervisor = createSupervisor({
    workers: config.workers,
    patienceMs: (config.shutdownDelaySeconds + config.shutdownGraceSeconds) * 1000 + closingMs,
    log,
    recordDeath: metrics.workerDied,
  });
  metrics.becomePrimary(config.workers);
  const scraped = scrapeWorkers(cluster, metrics.snapshot);
  metrics.watchReadiness(scraped.checkReadiness);
  const admin = await openOperatorPort(config, log, scraped);
  if (admin) ends.push(admin.stop, metrics.watchProcess());
  const counts = countForWorkers(cluster);
  ends.push(() => scraped.stop(), counts.stop, supervisor.stop);
  process.on('SIGHUP', () => void supervisor.roll());
  try {
    return await supervisor.start();
  } catch (error) {
    throw new CommandError((error as Error).message, { cause: error });
  }
}
