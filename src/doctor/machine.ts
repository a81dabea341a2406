import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import type { Config } from '../platform/config/config.ts';
import { fail, ok, warn, type Finding } from '../platform/findings.ts';

/** What the process runs on. */
export interface Machine {
  /** Such as `v24.4.0`. */
  readonly nodeVersion: string;
  readonly cores: number;
  /** The container's limit, or all of the machine's memory. */
  readonly memoryBytes: number;
  /** How many files and connections one process may have open; `undefined` if unknown. */
  readonly openFiles: number | undefined;
  /** The threads of libuv, on which passwords are hashed. */
  readonly threads: number;
}

export function describeMachine(variables: NodeJS.ProcessEnv): Machine {
  return {
    nodeVersion: process.version,
    cores: availableParallelism(),
    // Without a limit the control group reports none, or one larger than any memory.
    memoryBytes: Math.min(process.constrainedMemory() || Infinity, totalmem()),
    openFiles: readOpenFiles(),
    threads: Number(variables['UV_THREADPOOL_SIZE'] ?? 4),
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

/** Whether Latchkey runs on this machine, and whether it is large enough for the configuration. */
export function checkMachine(machine: Machine, config: Config): Finding[] {
  return [
    checkNode(machine.nodeVersion),
    checkMemory(machine.memoryBytes, config.workers),
    checkCores(machine.cores, config.workers),
    ...checkThreads(machine.threads, config.hashing.concurrency),
    ...checkOpenFiles(machine.openFiles, config),
  ];
}

const oldest = [20, 19] as const;
const tested = [20, 22, 24];

function checkNode(nodeVersion: string): Finding {
  const [major = 0, minor = 0] = nodeVersion.replace('v', '').split('.').map(Number);
  const remedy = `use Node.js ${tested.join(', ')}`;
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    return fail('node', `Node.js ${nodeVersion} is older than ${oldest.join('.')}`, remedy);
  }
  if (!tested.includes(major)) return warn('node', `Latchkey is not tested on Node.js ${nodeVersion}`, remedy);
  return ok('node', `Node.js ${nodeVersion} is supported`);
}

const mebibyte = 1024 * 1024;
// Measured: 140 MiB resident at rest and 180 under load, of which 45 are Node's own file, which the kernel may drop.
const minPerProcess = 128 * mebibyte;
const usualPerProcess = 256 * mebibyte;

function checkMemory(memoryBytes: number, workers: number): Finding {
  const processes = workers === 1 ? 1 : workers + 1;
  const each = memoryBytes / processes;
  const reason = `${Math.round(memoryBytes / mebibyte)} MiB for ${count(processes, 'process', 'processes')}`;
  const remedy = `give ${(processes * usualPerProcess) / mebibyte} MiB, or set fewer WORKERS`;
  if (each < minPerProcess) return fail('memory', `${reason} is not enough to run`, remedy);
  if (each < usualPerProcess) return warn('memory', `${reason} is tight`, remedy);
  return ok('memory', reason);
}

function checkCores(cores: number, workers: number): Finding {
  if (workers > cores) {
    const reason = `${count(workers, 'worker')} share ${count(cores, 'core')}`;
    return warn('cores', reason, `set WORKERS=${cores} or fewer`);
  }
  return ok('cores', `${count(workers, 'worker')} on ${count(cores, 'core')}`);
}

function checkThreads(threads: number, hashing: number): Finding[] {
  if (hashing < threads) return [];
  const reason = `hashing takes all ${threads} threads, so that names are not resolved while people sign in`;
  const remedy = `set HASHING_CONCURRENCY below ${threads}, or a higher UV_THREADPOOL_SIZE`;
  return [warn('threads', reason, remedy)];
}

// Files, pipes, sockets to Redis and collectors.
const otherFiles = 100;

function checkOpenFiles(openFiles: number | undefined, { maxConnections, database }: Config): Finding[] {
  if (openFiles === undefined) return [];
  const needed = maxConnections + database.poolMax + otherFiles;
  if (openFiles >= needed) return [ok('open files', `${openFiles} allow ${maxConnections} connections`)];
  const reason = `a process may open ${openFiles}, and MAX_CONNECTIONS=${maxConnections} needs ${needed}`;
  const remedy = 'raise the limit (ulimit -n, LimitNOFILE), or set a lower MAX_CONNECTIONS';
  return [fail('open files', reason, remedy)];
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
