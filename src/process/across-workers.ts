import type { Cluster, Worker } from 'node:cluster';
import { AggregatorRegistry } from 'prom-client';
import type { Snapshot } from '../platform/metrics/metrics.ts';
import { readinessMetric } from '../platform/metrics/readiness.ts';

/** What a process can tell about itself. */
export interface Told {
  readonly snapshot: () => Promise<Snapshot>;
  /** Throws when it can't answer requests. */
  readonly checkReadiness: () => Promise<void>;
}

/** What an operator can ask of all processes together. */
export interface Scraped {
  /** In Prometheus' text format. */
  readonly metrics: () => Promise<string>;
  readonly checkReadiness: () => Promise<void>;
}

interface Question {
  readonly latchkey: 'question';
  readonly id: number;
  readonly about: 'metrics' | 'readiness';
}

interface Answer {
  readonly latchkey: 'answer';
  /** The question's; a worker that ends tells its last values unasked. */
  readonly id: number | undefined;
  readonly snapshot?: Snapshot;
  /** Why it is not ready, or nothing. */
  readonly notReady?: string | undefined;
}

/** How long workers may take to answer, in milliseconds; a silent one's last values stand for it. */
const patienceMs = { metrics: 1000, readiness: 5000 };

export const contentType = 'text/plain; version=0.0.4; charset=utf-8';

/** Tells of one process. */
export function scrapeProcess({ snapshot, checkReadiness }: Told): Scraped {
  return { metrics: async () => render([await snapshot()]), checkReadiness };
}

/** In a worker: answers the primary's questions. The returned function tells the last values and ends that. */
export function tellPrimary({ snapshot, checkReadiness }: Told): () => Promise<void> {
  const tell = (answer: Omit<Answer, 'latchkey'>) =>
    // A primary that is gone hears nothing.
    new Promise<void>((resolve) => {
      if (process.connected) process.send?.({ latchkey: 'answer', ...answer }, () => resolve());
      else resolve();
    });
  const listener = (message: unknown) => {
    if (!isOf<Question>('question', message)) return;
    const { id, about } = message;
    if (about === 'metrics') void snapshot().then((values) => tell({ id, snapshot: values }));
    else {
      void checkReadiness().then(
        () => tell({ id }),
        (error: unknown) => tell({ id, notReady: error instanceof Error ? error.message : String(error) }),
      );
    }
  };
  process.on('message', listener);
  return async () => {
    process.off('message', listener);
    await tell({ id: undefined, snapshot: await snapshot() });
  };
}

/** In the primary: adds up its own values, those of all workers, and those that ended workers left behind. */
export function scrapeWorkers(cluster: Cluster, own: () => Promise<Snapshot>): Scraped & { stop(): void } {
  const last = new Map<number, Snapshot>();
  const waiting = new Map<number, (worker: Worker, answer: Answer) => void>();
  let left: Snapshot = [];
  let count = 0;

  const hear = (worker: Worker, message: unknown) => {
    if (!isOf<Answer>('answer', message)) return;
    if (message.snapshot) last.set(worker.id, message.snapshot);
    if (message.id !== undefined) waiting.get(message.id)?.(worker, message);
  };
  // A counter that went down would look like a restart to Prometheus, which then counts everything anew.
  const inherit = (worker: Worker) => {
    const snapshot = last.get(worker.id);
    if (!snapshot || !worker.isDead() || worker.isConnected()) return;
    last.delete(worker.id);
    left = add(left, snapshot.filter(tellsOfThePast));
  };
  cluster.on('message', hear);
  cluster.on('exit', inherit);
  cluster.on('disconnect', inherit);

  /** Asks all workers; answers by worker. Waits for all of them, for one that is enough, or until patience ends. */
  async function ask(about: Question['about'], isEnough: (answer: Answer) => boolean): Promise<Map<number, Answer>> {
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker?.isConnected());
    const answers = new Map<number, Answer>();
    if (workers.length === 0) return answers;
    const id = (count += 1);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, patienceMs[about]);
      waiting.set(id, (worker, answer) => {
        answers.set(worker.id, answer);
        if (answers.size < workers.length && !isEnough(answer)) return;
        clearTimeout(timer);
        resolve();
      });
      for (const worker of workers) worker?.send({ latchkey: 'question', id, about } satisfies Question, () => {});
    });
    waiting.delete(id);
    return answers;
  }

  return {
    async metrics() {
      const answers = await ask('metrics', () => false);
      const told = [...last].map(([worker, snapshot]) => (answers.has(worker) ? snapshot : snapshot.map(unready)));
      return render([await own(), left, ...told]);
    },
    /** One worker that is ready is enough. */
    async checkReadiness() {
      const isReady = ({ notReady }: Answer) => notReady === undefined;
      const answers = [...(await ask('readiness', isReady)).values()];
      if (!answers.some(isReady)) throw new Error(answers[0]?.notReady ?? 'Not ready: no worker answers.');
    },
    stop() {
      cluster.off('message', hear);
      cluster.off('exit', inherit);
      cluster.off('disconnect', inherit);
    },
  };
}

function isOf<Kind extends { latchkey: string }>(kind: Kind['latchkey'], message: unknown): message is Kind {
  return typeof message === 'object' && message !== null && 'latchkey' in message && message.latchkey === kind;
}

// A gauge tells of a process that is there.
function tellsOfThePast({ type }: Snapshot[number]): boolean {
  return ['counter', 'histogram'].includes(String(type));
}

// Who does not answer the primary answers no client either.
function unready(metric: Snapshot[number]): Snapshot[number] {
  if (metric.name !== readinessMetric) return metric;
  return { ...metric, values: metric.values.map((value) => ({ ...value, value: 0 })) };
}

function add(...snapshots: Snapshot[]): Snapshot {
  // What was aggregated carries its values with it, and can be aggregated again.
  return AggregatorRegistry.aggregate(snapshots).getMetricsAsArray() as Snapshot;
}

function render(snapshots: Snapshot[]): Promise<string> {
  return AggregatorRegistry.aggregate(snapshots).metrics();
}
