import type { Config } from '../config/config.ts';
import { fail, ok, type Finding } from './findings.ts';

// Files, pipes, sockets to the database, Redis and collectors.
const besides = 100;

/** Whether a process may hold as many connections as it accepts; beyond that it can't even open a file. */
export function checkDescriptors(openFiles: number | undefined, { maxConnections, database }: Config): Finding[] {
  if (openFiles === undefined) return [];
  const needed = maxConnections + database.poolMax + besides;
  if (openFiles >= needed) return [ok('descriptors', `${openFiles} open files allow ${maxConnections} connections`)];
  const reason = `a process may open ${openFiles} files, and ${maxConnections} connections need ${needed}`;
  return [fail('descriptors', reason, `raise the limit (ulimit -n, LimitNOFILE), or set a lower MAX_CONNECTIONS`)];
}
