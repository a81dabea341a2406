import { fail, ok, warn, type Finding } from './findings.ts';

const mega = 1024 * 1024;
// Measured: a worker that serves stays under the first, and under the second at the usual load of logins.
const leastPerProcess = 128 * mega;
const usualPerProcess = 256 * mega;

/** Whether the memory that the container may use is enough for its processes. */
export function checkMemory(memoryBytes: number, workers: number): Finding {
  const processes = workers === 1 ? 1 : workers + 1;
  const each = memoryBytes / processes;
  const reason = `${Math.round(memoryBytes / mega)} MiB for ${processes} ${processes === 1 ? 'process' : 'processes'}`;
  const remedy = `give ${(processes * usualPerProcess) / mega} MiB, or set fewer WORKERS`;
  if (each < leastPerProcess) return fail('memory', `${reason} is too little to live on`, remedy);
  if (each < usualPerProcess) return warn('memory', `${reason} is little`, remedy);
  return ok('memory', reason);
}
