import cluster, { type Worker } from 'node:cluster';
import { loadConfig } from '../platform/config/config.ts';
import { processEnvironment } from '../platform/config/env.ts';
import { createContext } from './context.ts';
import { countByPrimary } from './limits.ts';
import { createLog, openStandardOutput } from '../platform/log/log.ts';
import { provideDatabase } from './command-database.ts';
import { CommandError } from './failure.ts';
import { processStatus, startObservers, watchUncaught } from './observers.ts';
import { hearPrimary, sendToPrimary, type MessageToWorker } from './protocol.ts';
import { startServing } from './serving.ts';
import { reportToPrimary } from './status.ts';

/** How a worker's serving ends: as the primary says, or because there is none. */
type End = Order | 'abandon';
type Order = MessageToWorker<'order'>['order'];

/** `worker`: one of those that `serve` starts; answers requests until the primary says how to end, or is gone. */
export async function runWorker(): Promise<void> {
  const { worker } = cluster;
  if (!worker) throw new CommandError('a worker is started by serve; set WORKERS');
  process.title = `latchkey serve worker ${worker.id}`;
  const end = waitForEnd(worker);
  leaveSignalsToPrimary();
  await serveUntil(end);
}

async function serveUntil(end: Promise<End>): Promise<void> {
  const { config, secrets } = loadConfig(processEnvironment());
  const output = openStandardOutput();
  const log = createLog(config.log, output);
  const observers = await startObservers(config, secrets, log);
  watchUncaught(log, observers);
  const database = await provideDatabase(config, secrets, 'visit', () => {});
  const context = await createContext(config, secrets, database.url, log, observers, countByPrimary);
  context.metrics.watchLog(() => output.lost);
  if (config.operators) context.metrics.watchProcess();
  try {
    const serving = await startServing(context);
    const sendLastReport = reportToPrimary(processStatus(context, () => true));
    await serving[await end]();
    await sendLastReport();
  } finally {
    await context.close();
    await database.stop();
    await observers.stop();
  }
}

// Node ends a worker at once when its primary is gone, unless it is told that this is no surprise.
function waitForEnd(worker: Worker): Promise<End> {
  return new Promise((resolve) => {
    let order: Order | undefined;
    hearPrimary('order', (message) => {
      order ??= message.order;
      resolve(order);
    });
    worker.once('disconnect', () => {
      // A primary that ends while it waits for its workers was ended by force; so are they.
      if (order !== 'stop') worker.exitedAfterDisconnect = true;
      resolve('abandon');
    });
  });
}

// A terminal sends its signals to all processes of a command.
function leaveSignalsToPrimary(): void {
  process.on('SIGINT', () => {});
  process.on('SIGHUP', () => {});
  process.on('SIGTERM', () => sendToPrimary('request', { request: 'replacement' }));
}
