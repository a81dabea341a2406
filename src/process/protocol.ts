/**
 * The messages between the primary and its workers, on node:cluster's channel, which carries others as well. After SIGHUP, workers
 * may be of a newer release than their primary, so kinds and fields may be added but never changed.
 */
import type { Cluster, Worker } from 'node:cluster';
import type { RateLimit } from '../platform/config/rate-limit.ts';
import type { Snapshot } from '../platform/metrics/metrics.ts';

/** Messages to a worker, by kind. */
interface ToWorker {
  /** Orders a worker to end: `stop` with the whole server, `retire` when another worker takes its place. */
  readonly order: { readonly order: 'stop' | 'retire' };
  /** Asks for an `answer`. */
  readonly question: { readonly id: number; readonly about: 'metrics' | 'readiness' };
  /** Answers `count`, in the same order. */
  readonly counted: {
    readonly id: number;
    readonly counts: readonly (readonly [used: number, left: number, msBeforeNext: number])[];
  };
}

/** Messages to the primary, by kind. */
interface ToPrimary {
  /** Asks for another worker to take its place. */
  readonly request: { readonly request: 'replacement' };
  /** Answers `question`; a worker that ends sends its last metrics without an id. */
  readonly answer: {
    readonly id: number | undefined;
    readonly snapshot?: Snapshot;
    /** Why it is not ready, unless it is. */
    readonly notReady?: string;
  };
  /** Counts towards limits. */
  readonly count: {
    readonly id: number;
    readonly asked: readonly (readonly [name: string, limit: RateLimit, key: string, points: number])[];
  };
}

export type MessageToWorker<Kind extends keyof ToWorker> = ToWorker[Kind];
export type MessageToPrimary<Kind extends keyof ToPrimary> = ToPrimary[Kind];

/** Sends to a worker, unless it has disconnected. */
export function sendToWorker<Kind extends keyof ToWorker>(worker: Worker, kind: Kind, message: ToWorker[Kind]): void {
  if (worker.isConnected()) worker.send({ ...message, latchkey: kind }, () => {});
}

/** Sends to the primary; `sent` is called with an error if it is gone. */
export function sendToPrimary<Kind extends keyof ToPrimary>(
  kind: Kind,
  message: ToPrimary[Kind],
  sent: (error: Error | null) => void = () => {},
): void {
  if (!process.connected) sent(new Error('the primary is gone'));
  else process.send?.({ ...message, latchkey: kind }, undefined, undefined, sent);
}

/** In the primary: listens for a kind of message from all workers. The returned function stops listening. */
export function onWorkerMessage<Kind extends keyof ToPrimary>(
  cluster: Cluster,
  kind: Kind,
  listener: (worker: Worker, message: ToPrimary[Kind]) => void,
): () => void {
  const receive = (worker: Worker, message: unknown) => {
    if (isOfKind(kind, message)) listener(worker, message as ToPrimary[Kind]);
  };
  cluster.on('message', receive);
  return () => void cluster.off('message', receive);
}

/** In a worker: listens for a kind of message from the primary. The returned function stops listening. */
export function onPrimaryMessage<Kind extends keyof ToWorker>(
  kind: Kind,
  listener: (message: ToWorker[Kind]) => void,
): () => void {
  const receive = (message: unknown) => {
    if (isOfKind(kind, message)) listener(message as ToWorker[Kind]);
  };
  process.on('message', receive);
  return () => void process.off('message', receive);
}

function isOfKind(kind: string, message: unknown): boolean {
  if (typeof message !== 'object' || message === null) return false;
  // Orders and requests were once sent without a kind.
  return 'latchkey' in message ? message.latchkey === kind : kind in message;
}
