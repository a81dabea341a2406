import { NetworkError, ProblemError } from '../../../../../../openapi/clients/typescript/index.ts';
import type { Row } from './list.ts';

/** A row to create. */
export interface Entry {
  readonly row: Row;
  /** The same for every attempt at the row, so that an answer that was lost creates nobody twice. */
  readonly key: string;
}

/** What holds an import up. */
export type Holdup = { readonly kind: 'waiting'; readonly seconds: number } | { readonly kind: 'offline' };

export interface ImportParts {
  readonly entries: readonly Entry[];
  readonly create: (entry: Entry, signal: AbortSignal) => Promise<void>;
  readonly onCreated: (entry: Entry) => void;
  /** Called for a row that the service refuses. What is thrown otherwise ends the import, with the row still to do. */
  readonly onRefused: (entry: Entry, problem: ProblemError) => void;
  readonly onHoldup: (holdup: Holdup | undefined) => void;
  readonly signal: AbortSignal;
}

const offlineSeconds = 5;

/** Creates one user after the other. It ends when all are done or the signal is aborted, which throws its reason. */
export async function runImport({ entries, create, signal, ...tell }: ImportParts): Promise<void> {
  for (const entry of entries) {
    for (;;) {
      signal.throwIfAborted();
      try {
        await create(entry, signal);
        tell.onCreated(entry);
        break;
      } catch (error) {
        const holdup = holdupOf(error);
        if (holdup) {
          tell.onHoldup(holdup);
          await pause(holdup, signal);
          tell.onHoldup(undefined);
        } else if (error instanceof ProblemError && isAboutRow(error)) {
          tell.onRefused(entry, error);
          break;
        } else throw error;
      }
    }
  }
}

function holdupOf(error: unknown): Holdup | undefined {
  if (error instanceof NetworkError) return { kind: 'offline' };
  if (!(error instanceof ProblemError) || ![429, 503].includes(error.status)) return undefined;
  return { kind: 'waiting', seconds: Math.max(1, Math.ceil(error.retryAfterSeconds ?? 5)) };
}

/** Whether the next row may fare better. */
const isAboutRow = ({ status }: ProblemError) => [400, 409, 422].includes(status);

/** Waits as long as the service wants, or until the connection may be back. */
function pause(holdup: Holdup, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = new AbortController();
    const timer = setTimeout(finish, (holdup.kind === 'waiting' ? holdup.seconds : offlineSeconds) * 1000);
    function finish(): void {
      clearTimeout(timer);
      end.abort();
      if (signal.aborted) reject(signal.reason as Error);
      else resolve();
    }
    signal.addEventListener('abort', finish, { signal: end.signal });
    if (holdup.kind === 'offline') addEventListener('online', finish, { signal: end.signal });
  });
}
