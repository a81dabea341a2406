/** The workers of a running server, according to the operating system and the server's log. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { eventually } from './eventually.ts';
import type { RunningServer } from './process.ts';

export interface ServerProcess {
  readonly pid: number;
  readonly title: string;
}

/** The running workers of a server. */
export async function workersOf({ child }: RunningServer): Promise<ServerProcess[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,stat=,args=']);
  return stdout
    .split('\n')
    .map((line) => /^ *(\d+) +(\d+) +(\S+) +(.*)$/.exec(line))
    .filter((fields) => fields !== null && Number(fields[2]) === child.pid && !fields[3]?.startsWith('Z'))
    .map((fields) => ({ pid: Number(fields?.[1]), title: fields?.[4] ?? '' }))
    .filter(({ title }) => title.startsWith('latchkey serve'));
}

/** Waits until exactly this many workers run and all of them listen. */
export async function listeningWorkers(server: RunningServer, count: number): Promise<number[]> {
  return eventually(
    `${count} workers listen`,
    async () => {
      const said = server.log().filter(({ msg }) => msg === 'a worker is listening');
      const listening = said.map(({ about }) => (about as { pid: number }).pid).filter(isAlive);
      // The operating system is asked only once the log has them, since that takes a process.
      if (listening.length !== count) return false;
      const pids = (await workersOf(server)).map(({ pid }) => pid);
      return pids.length === count && pids.every((pid) => listening.includes(pid)) && pids;
    },
    60_000,
  );
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** How many times the server has logged a message. */
export function timesLogged(server: RunningServer, message: string): number {
  return server.log().filter(({ msg }) => msg === message).length;
}

/** Sends SIGHUP and waits until every worker has been replaced. */
export async function rollWorkers(server: RunningServer): Promise<void> {
  const before = timesLogged(server, 'all workers were replaced');
  server.child.kill('SIGHUP');
  await eventually(
    'all workers were replaced',
    () => timesLogged(server, 'all workers were replaced') > before,
    120_000,
  );
}
