/** The work of a command in this process, which takes a hundredth of the time of its own. */
import { CommandError, describeFailure } from '../../src/process/failure.ts';
import type { Finished } from './process.ts';

/** What the command would print and end with. */
export async function finishInProcess(work: () => Promise<string>): Promise<Finished> {
  try {
    return { status: 0, stdout: `${await work()}\n`, stderr: '' };
  } catch (error) {
    const status = error instanceof CommandError ? error.status : 1;
    return { status, stdout: '', stderr: `latchkey: ${describeFailure(error)}\n` };
  }
}
