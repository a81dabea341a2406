/** The Redocly command line in a process that stays, for a suite that runs it often. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const program = path.join(import.meta.dirname, 'redocly-process.js');
const quiet = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };

interface Finished {
  readonly status: number;
  readonly output: string;
}

/** Starts it for the suite. Returns a function that runs it, one run at a time: it returns the output, or throws with it. */
export function useRedocly(): (...args: string[]) => Promise<string> {
  let child: ChildProcess;
  before('start Redocly', () => {
    child = fork(program, { execArgv: [], env: { ...process.env, ...quiet } });
  });
  after('stop it', () => {
    child.kill();
  });

  return async (...args) => {
    child.send(args);
    const [{ status, output }] = (await once(child, 'message')) as [Finished];
    if (status !== 0) throw new Error(`redocly ${args.join(' ')} failed:\n${output}`);
    return output;
  };
}
