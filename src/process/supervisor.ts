import cluster, { type Address, type Worker } from 'node:cluster';
import { once } from 'node:events';
import type { Log } from '../platform/log/log.ts';
import { onWorkerMessage, sendToWorker, type MessageToWorker } from './protocol.ts';

/** Keeps a number of workers listening. */
export interface Supervisor {
  /** Starts the workers; resolves with their port once all listen. Throws if one exits before. */
  readonly start: () => Promise<number>;
  /** Replaces the workers one at a time: a new one listens before an old one drains. Gives up if a new one can't start. */
  readonly roll: () => Promise<void>;
  /** Stops all workers; resolves when none is left. */
  readonly stop: () => Promise<void>;
}

export interface SupervisorOptions {
  readonly workers: number;
  /** How long a worker may take to exit before it is killed. */
  readonly endTimeoutMs: number;
  readonly log: Log;
  /** Called when a worker exits unasked, or can't start. */
  readonly recordDeath: () => void;
}

/** A place for a worker, and the one that holds it now. */
interface Slot {
  worker: Worker | undefined;
  listeningSince: number;
  failures: number;
  timer: NodeJS.Timeout | undefined;
  filling: Promise<void> | undefined;
}

const startMs = 60_000;
const steadyMs = 30_000;

/** The backoff before a worker is started again, in milliseconds, by the number of failures in a row. */
export function backoffMs(failures: number): number {
  return Math.min(100 * 2 ** (failures - 1), 30_000);
}

/** Creates the supervisor of a primary. Starts no workers yet. */
export function createSupervisor({ workers, endTimeoutMs, log, recordDeath }: SupervisorOptions): Supervisor {
  const slots = Array.from({ length: workers }, (): Slot => {
    return { worker: undefined, listeningSince: 0, failures: 0, timer: undefined, filling: undefined };
  });
  const alive = new Set<Worker>();
  let stopping = false;
  let rolling = Promise.resolve();
  let rollsWaiting = 0;
  let port = 0;

  // A worker that is sent SIGTERM directly asks to be replaced first, so that capacity does not drop.
  onWorkerMessage(cluster, 'request', (worker) => {
    const slot = slots.find((each) => each.worker === worker);
    if (slot) replace(slot).catch((error: unknown) => log.error({ err: error }, 'a worker could not be replaced'));
  });

  async function launch(): Promise<Worker> {
    const worker = cluster.fork();
    alive.add(worker);
    worker.on('error', (error) => log.error({ err: error, about: aboutOf(worker) }, 'a worker could not be reached'));
    worker.once('exit', () => alive.delete(worker));
    closeUndelivered(worker);
    const timer = setTimeout(() => worker.process.kill('SIGKILL'), startMs);
    try {
      const [address] = await listening(worker);
      port = address.port;
      return worker;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Puts a new worker into a slot; a second call meanwhile waits for the same one. */
  function fill(slot: Slot): Promise<void> {
    return (slot.filling ??= launch()
      .then((worker) => {
        Object.assign(slot, { worker, listeningSince: Date.now() });
        worker.once('exit', (code: number | null, signal: string | null) => {
          if (slot.worker === worker) lose(slot, worker, { code, signal });
        });
        log.info({ about: aboutOf(worker) }, 'a worker is listening');
      })
      .finally(() => {
        slot.filling = undefined;
      }));
  }

  function lose(slot: Slot, lost: Worker, reason: object): void {
    if (stopping) return;
    recordDeath();
    if (Date.now() - slot.listeningSince > steadyMs) slot.failures = 0;
    const pauseMs = backoffMs(++slot.failures);
    log.error({ about: aboutOf(lost), ...reason, pauseMs }, 'a worker exited; starting another after a pause');
    slot.timer = setTimeout(() => {
      if (stopping || slot.worker !== lost) return;
      fill(slot).catch((error: unknown) => lose(slot, lost, { err: error }));
    }, pauseMs);
  }

  async function replace(slot: Slot): Promise<void> {
    const old = slot.worker;
    if (stopping) return;
    await fill(slot);
    if (old && old !== slot.worker) await end(old, 'retire');
  }

  async function end(worker: Worker, order: MessageToWorker<'order'>['order']): Promise<void> {
    if (!alive.has(worker)) return;
    const ended = once(worker, 'exit');
    const timer = setTimeout(() => {
      log.error({ about: aboutOf(worker) }, 'a worker did not exit in time; killing it');
      worker.process.kill('SIGKILL');
    }, endTimeoutMs);
    sendToWorker(worker, 'order', { order });
    await ended;
    clearTimeout(timer);
  }

  async function rollAll(): Promise<void> {
    rollsWaiting--;
    log.info('replacing the workers one by one');
    for (const slot of slots) await replace(slot);
    if (!stopping) log.info('all workers were replaced');
  }

  return {
    async start() {
      // The first one alone, because what keeps it from starting affects all, and should be reported once.
      const [first, ...others] = slots;
      if (first) await fill(first);
      await Promise.all(others.map(fill));
      return port;
    },
    roll() {
      if (rollsWaiting === 0) {
        rollsWaiting++;
        rolling = rolling.then(rollAll).catch((error: unknown) => {
          log.error({ err: error }, 'a new worker could not start; the remaining ones are not replaced');
        });
      }
      return rolling;
    },
    async stop() {
      stopping = true;
      for (const slot of slots) clearTimeout(slot.timer);
      await Promise.all([...alive].map((worker) => end(worker, 'stop')));
    },
  };
}

/** Resolves when a worker listens. Rejects if it exits first, or can't be started. */
async function listening(worker: Worker): Promise<[Address]> {
  return new Promise((resolve, reject) => {
    worker.once('listening', (address) => resolve([address]));
    worker.once('error', reject);
    worker.once('exit', (code, signal) => {
      reject(new Error(`worker ${worker.id} ended before it listened (${signal || `status ${code}`})`));
    });
  });
}

/** A connection that a primary hands to a worker. */
interface Handle {
  close(): void;
}

// Node holds a connection until the worker accepts it: if the worker dies before that, the client would wait for ever.
function closeUndelivered({ process: child }: Worker): void {
  let handed: Handle | undefined;
  const send = child.send.bind(child) as (...args: unknown[]) => boolean;
  child.send = (message: unknown, handle?: unknown, ...rest: unknown[]) => {
    if (typeof handle === 'object') handed = handle as Handle;
    return send(message, handle, ...rest);
  };
  child.once('exit', () => handed?.close());
}

// Logged as `about`, because `pid` and `worker` identify the process that logs.
function aboutOf({ id, process: { pid } }: Worker) {
  return { worker: id, pid };
}
