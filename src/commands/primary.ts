import { createSupervisor } from '../cluster/supervisor.ts';
import type { Context } from '../context.ts';
import { CommandError } from './failure.ts';

// What a worker may take to end beyond its grace: it still closes its pools.
const closingMs = 5000;

/** `serve` in the primary: starts the workers and resolves with their port; SIGHUP replaces them. What workers share belongs here. */
export async function serveByWorkers(context: Context, ends: (() => Promise<unknown>)[]): Promise<number> {
  const { config, log } = context;
  process.title = 'latchkey serve primary';
  const supervisor = createSupervisor({
    workers: config.workers,
    patienceMs: (config.shutdownDelaySeconds + config.shutdownGraceSeconds) * 1000 + closingMs,
    log,
  });
  ends.push(supervisor.stop);
  process.on('SIGHUP', () => void supervisor.roll());
  try {
    return await supervisor.start();
  } catch (error) {
    throw new CommandError((error as Error).message, { cause: error });
  }
}
