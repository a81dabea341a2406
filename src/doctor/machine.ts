import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';

/** What the process runs on. */
export interface Machine {
  /** Such as `v24.4.0`. */
  readonly nodeVersion: string;
  readonly cores: number;
  /** What the container may use, or all that there is. */
  readonly memoryBytes: number;
  /** How many files and connections one process may hold open; `undefined` where the system does not tell. */
  readonly openFiles: number | undefined;
  /** The threads of libuv, on which passwords are hashed. */
  readonly threads: number;
  /** Milliseconds since 1970, by the system's clock. */
  readonly now: () => number;
}

export function describeMachine(variables: NodeJS.ProcessEnv): Machine {
  return {
    nodeVersion: process.version,
    cores: availableParallelism(),
    // Without a limit the control group tells none, or one that is beyond all memory.
    memoryBytes: Math.min(process.constrainedMemory() || Infinity, totalmem()),
    openFiles: readOpenFiles(),
    threads: Number(variables['UV_THREADPOOL_SIZE'] ?? 4),
    now: Date.now,
  };
}

function readOpenFiles(): number | undefined {
  try {
    const [, limit] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return limit === undefined ? undefined : Number(limit);
  } catch {
    return undefined;
  }
}
