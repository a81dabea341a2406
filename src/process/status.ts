/** Metrics and readiness, of one process or of all workers together. */
import type { Cluster, Worker } from 'node:cluster';
import { AggregatorRegistry } from 'prom-client';
import type { Snapshot } from '../platform/metrics/metrics.ts';
import { readinessMetric } from '../platform/metrics/readiness.ts';
import {
  onPrimaryMessage,
  onWorkerMessage,
  sendToPrimary,
  sendToWorker,
  type MessageToPrimary,
  type MessageToWorker,
} from './protocol.ts';

/** The status of one process. */
export interface ProcessStatus {
  readonly snapshot: () => Promise<Snapshot>;
  /** Throws when it can't answer requests. */
  readonly checkReadiness: () => Promise<void>;
}

/** The status of a service, for operators. */
export interface ServiceStatus {
  /** In Prometheus' text format. */
  readonly metrics: () => Promise<string>;
  readonly checkReadiness: () => Promise<void>;
}

type Answer = MessageToPrimary<'answer'>;
type Subject = MessageToWorker<'question'>['about'];

/** How long workers may take to answer, in milliseconds; a slower one is represented by its last values. */
const timeoutMs = { metrics: 1000, readiness: 5000 };

export const contentType = 'text/plain; version=0.0.4; charset=utf-8';

/** The status of a service of one process. */
export function statusOfProcess({ snapshot, checkReadiness }: ProcessStatus): ServiceStatus {
  return { metrics: async () => render([await snapshot()]), checkReadiness };
}

/** In a worker: reports to the primary when it asks. The returned function sends the last metrics and stops it. */
export function reportToPrimary({ snapshot, checkReadiness }: ProcessStatus): () => Promise<void> {
  const stop = onPrimaryMessage('question', ({ id, about }) => {
    if (about === 'metrics') void snapshot().then((values) => sendToPrimary('answer', { id, snapshot: values }));
    else {
      void checkReadiness().then(
        () => sendToPrimary('answer', { id }),
        (error: unknown) =>
          sendToPrimary('answer', { id, notReady: error instanceof Error ? error.message : String(error) }),
      );
    }
  });
  return async () => {
    stop();
    const last = await snapshot();
    await new Promise<void>((resolve) => {
      sendToPrimary('answer', { id: undefined, snapshot: last }, () => resolve());
    });
  };
}

/** In the primary: the status of all workers; metrics include the primary's own and the counters of workers that have ended. */
export function statusOfWorkers(
  cluster: Cluster,
  own: () => Promise<Snapshot>,
): ServiceStatus & { readonly stop: () => void } {
  const last = new Map<number, Snapshot>();
  const pending = new Map<number, (worker: Worker, answer: Answer) => void>();
  let inherited: Snapshot = [];
  let count = 0;

  const stopListening = onWorkerMessage(cluster, 'answer', (worker, answer) => {
    if (answer.snapshot) last.set(worker.id, answer.snapshot);
    if (answer.id !== undefined) pending.get(answer.id)?.(worker, answer);
  });
  // Prometheus takes a counter that decreases for a restart, and would count everything twice.
  const inherit = (worker: Worker) => {
    const snapshot = last.get(worker.id);
    if (!snapshot || !worker.isDead() || worker.isConnected()) return;
    last.delete(worker.id);
    inherited = add(inherited, snapshot.filter(isCumulative));
  };
  cluster.on('exit', inherit);
  cluster.on('disconnect', inherit);

  /** Asks all workers, and waits for all answers, for one that is enough, or for the timeout. Returns the answers by worker. */
  async function ask(about: Subject, isEnough: (answer: Answer) => boolean): Promise<Map<number, Answer>> {
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker?.isConnected() === true);
    const answers = new Map<number, Answer>();
    if (workers.length === 0) return answers;
    const id = (count += 1);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs[about]);
      pending.set(id, (worker, answer) => {
        answers.set(worker.id, answer);
        if (answers.size < workers.length && !isEnough(answer)) return;
        clearTimeout(timer);
        resolve();
      });
      for (const worker of workers) if (worker) sendToWorker(worker, 'question', { id, about });
    });
    pending.delete(id);
    return answers;
  }

  return {
    async metrics() {
      const answers = await ask('metrics', () => false);
      const ofWorkers = [...last].map(([worker, snapshot]) =>
        answers.has(worker) ? snapshot : snapshot.map(asNotReady),
      );
      return render([await own(), inherited, ...ofWorkers]);
    },
    /** One ready worker is enough. */
    async checkReadiness() {
      const isReady = ({ notReady }: Answer) => notReady === undefined;
      const answers = [...(await ask('readiness', isReady)).values()];
      if (!answers.some(isReady)) throw new Error(answers[0]?.notReady ?? 'Not ready: no worker answers.');
    },
    stop() {
      stopListening();
      cluster.off('exit', inherit);
      cluster.off('disconnect', inherit);
    },
  };
}

// A gauge describes only a running process.
function isCumulative({ type }: Snapshot[number]): boolean {
  return ['counter', 'histogram'].includes(String(type));
}

// A worker that does not answer the primary does not answer clients either.
function asNotReady(metric: Snapshot[number]): Snapshot[number] {
  if (metric.name !== readinessMetric) return metric;
  return { ...metric, values: metric.values.map((value) => ({ ...value, value: 0 })) };
}

function add(...snapshots: Snapshot[]): Snapshot {
  // An aggregate includes its values, so it can be aggregated again.
  return AggregatorRegistry.aggregate(snapshots).getMetricsAsArray() as Snapshot;
}

function render(snapshots: Snapshot[]): Promise<string> {
  return AggregatorRegistry.aggregate(snapshots).metrics();
}
