import cluster, { type Address, type Worker } from 'node:cluster';
import { once } from 'node:events';
import type { Log } from '../platform/log/log.ts';
import { isReplacementRequest, type Order, type OrderMessage } from './orders.ts';

/** Keeps a number of workers listening. */
export interface Supervisor {
  /** Starts the workers; resolves with their port when all listen. Throws when one ends before. */
  readonly start: () => Promise<number>;
  /** Replaces the workers one at a time: a new one listens before an old one drains. Gives up when a new one can't start. */
  readonly roll: () => Promise<void>;
  /** Ends all workers; resolves when none is left. */
  readonly stop: () => Promise<void>;
}

export interface SupervisorOptions {
  readonly workers: number;
  /** How long a worker may take to end before it is killed. */
  readonly patienceMs: number;
  readonly log: Log;
  /** Called when a worker ends, or can't start, without having been told to end. */
  readonly recordDeath: () => void;
}

/** One of the workers that there are to be, and who does its work now. */
interface Post {
  worker: Worker | undefined;
  listeningSince: number;
  failures: number;
  timer: NodeJS.Timeout | undefined;
  filling: Promise<void> | undefined;
}

const startMs = 60_000;
const steadyMs = 30_000;

/** How long a worker that ended is waited for, in milliseconds, after so many failures in a row. */
export function pauseAfter(failures: number): number {
  return Math.min(100 * 2 ** (failures - 1), 30_000);
}

/** Makes the supervisor of a primary. No worker is started yet. */
export function createSupervisor({ workers, patienceMs, log, recordDeath }: SupervisorOptions): Supervisor {
  const posts = Array.from({ length: workers }, (): Post => {
    return { worker: undefined, listeningSince: 0, failures: 0, timer: undefined, filling: undefined };
  });
  const alive = new Set<Worker>();
  let stopping = false;
  let rolling = Promise.resolve();
  let rollsWaiting = 0;
  let port = 0;

  // A worker that gets SIGTERM by itself asks for this, so that it is missed by nobody.
  cluster.on('message', (worker, message) => {
    const post = isReplacementRequest(message) && posts.find((each) => each.worker === worker);
    if (post) replace(post).catch((error: unknown) => log.error({ err: error }, 'a worker could not be replaced'));
  });

  async function launch(): Promise<Worker> {
    const worker = cluster.fork();
    alive.add(worker);
    worker.on('error', (error) => log.error({ err: error, about: aboutOf(worker) }, 'a worker could not be reached'));
    worker.once('exit', () => alive.delete(worker));
    closeUntaken(worker);
    const timer = setTimeout(() => worker.process.kill('SIGKILL'), startMs);
    try {
      const [address] = await listening(worker);
      port = address.port;
      return worker;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Puts a new worker on a post; who asks meanwhile gets the same one. */
  function fill(post: Post): Promise<void> {
    return (post.filling ??= launch()
      .then((worker) => {
        Object.assign(post, { worker, listeningSince: Date.now() });
        worker.once('exit', (code: number | null, signal: string | null) => {
          if (post.worker === worker) lose(post, worker, { code, signal });
        });
        log.info({ about: aboutOf(worker) }, 'a worker listens');
      })
      .finally(() => {
        post.filling = undefined;
      }));
  }

  function lose(post: Post, lost: Worker, reason: object): void {
    if (stopping) return;
    recordDeath();
    if (Date.now() - post.listeningSince > steadyMs) post.failures = 0;
    const pauseMs = pauseAfter(++post.failures);
    log.error({ about: aboutOf(lost), ...reason, pauseMs }, 'a worker ended; another takes its place after a pause');
    post.timer = setTimeout(() => {
      if (stopping || post.worker !== lost) return;
      fill(post).catch((error: unknown) => lose(post, lost, { err: error }));
    }, pauseMs);
  }

  async function replace(post: Post): Promise<void> {
    const old = post.worker;
    if (stopping) return;
    await fill(post);
    if (old && old !== post.worker) await end(old, 'retire');
  }

  async function end(worker: Worker, order: Order): Promise<void> {
    if (!alive.has(worker)) return;
    const ended = once(worker, 'exit');
    const timer = setTimeout(() => {
      log.error({ about: aboutOf(worker) }, 'a worker did not end in time and is killed');
      worker.process.kill('SIGKILL');
    }, patienceMs);
    const message: OrderMessage = { order };
    if (worker.isConnected()) worker.process.send(message, ignoreClosedChannel);
    await ended;
    clearTimeout(timer);
  }

  async function rollAll(): Promise<void> {
    rollsWaiting--;
    log.info('replacing the workers one by one');
    for (const post of posts) await replace(post);
    if (!stopping) log.info('all workers were replaced');
  }

  return {
    async start() {
      // The first alone: what keeps one from starting keeps all, and is to be said once.
      const [first, ...others] = posts;
      if (first) await fill(first);
      await Promise.all(others.map(fill));
      return port;
    },
    roll() {
      if (rollsWaiting === 0) {
        rollsWaiting++;
        rolling = rolling.then(rollAll).catch((error: unknown) => {
          log.error({ err: error }, 'a new worker could not start; those that are left go on as they are');
        });
      }
      return rolling;
    },
    async stop() {
      stopping = true;
      for (const post of posts) clearTimeout(post.timer);
      await Promise.all([...alive].map((worker) => end(worker, 'stop')));
    },
  };
}

/** Resolves when a worker listens. Throws when it ends before, or can't be started. */
async function listening(worker: Worker): Promise<[Address]> {
  return new Promise((resolve, reject) => {
    worker.once('listening', (address) => resolve([address]));
    worker.once('error', reject);
    worker.once('exit', (code, signal) => {
      reject(new Error(`worker ${worker.id} ended before it listened (${signal || `status ${code}`})`));
    });
  });
}

/** What a primary sends along with a message: a connection of its listener. */
interface Handle {
  close(): void;
}

// Node keeps the connection that it hands to a worker until that takes it: if it dies before, the client would wait for ever.
function closeUntaken({ process: child }: Worker): void {
  let handed: Handle | undefined;
  const send = child.send.bind(child) as (...args: unknown[]) => boolean;
  child.send = (message: unknown, handle?: unknown, ...rest: unknown[]) => {
    if (typeof handle === 'object') handed = handle as Handle;
    return send(message, handle, ...rest);
  };
  child.once('exit', () => handed?.close());
}

// Under a name of its own: `pid` and `worker` say who writes the line.
function aboutOf({ id, process: { pid } }: Worker) {
  return { worker: id, pid };
}

function ignoreClosedChannel(): void {
  // A worker that is gone has ended, which is what was wanted.
}
