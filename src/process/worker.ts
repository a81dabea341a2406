import cluster, { type Worker } from 'node:cluster';
import { loadConfig } from '../platform/config/config.ts';
import { processEnvironment } from '../platform/config/env.ts';
import { createContext } from './context.ts';
import { countByPrimary } from './limits.ts';
import { createLog, openStandardOutput } from '../platform/log/log.ts';
import { provideDatabase } from './command-database.ts';
import { CommandError } from './failure.ts';
import { processStatus, startObservers, watchUncaught } from './observers.ts';
import { onPrimaryMessage, sendToPrimary, type MessageToWorker } from './protocol.ts';
import { startServing } from './serving.ts';
import { reportToPrimary } from './status.ts';

/** How a worker ends: as the primary orders, or because the primary is gone. */
type End = Order | 'abandon';
type Order = MessageToWorker<'order'>['order'];

/** `worker`: started by `serve`; answers requests until the primary orders it to end, or is gone. */
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

// Node kills a worker at once when its primary is gone, unless `exitedAfterDisconnect` is set.
function waitForEnd(worker: Worker): Promise<End> {
  return new Promise((resolve) => {
    let order: Order | undefined;
    onPrimaryMessage('order', (message) => {
      order ??= message.order;
      resolve(order);
    });
    worker.once('disconnect', () => {
      // A primary that exits while it waits for its workers was killed; they should end at once, too.
      if (order !== 'stop') worker.exitedAfterDisconnect = true;
      resolve('abandon');
    });
  });
}

// A terminal sends signals to all processes of a command, workers included.
function leaveSignalsToPrimary(): void {
  process.on('SIGINT', () => {});
  process.on('SIGHUP', () => {});
  process.on('SIGTERM', () => sendToPrimary('request', { request: 'replacement' }));
}
