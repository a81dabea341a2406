import { createInterface } from 'node:readline';
import { CommandError } from './failure.ts';

/**
 * Asks a question at the terminal. Throws a CommandError unless the answer is yes: with status 130 for Ctrl-C, as shells do, after
 * everything has stopped, and with 1 for Ctrl-D, any other answer, and where there is no terminal.
 */
export async function confirm(question: string, undone: string): Promise<void> {
  const refusal = (status: number) => new CommandError(`${undone}; answer yes at a terminal, or add --yes`, { status });
  if (!process.stdin.isTTY) throw refusal(1);
  const interruption = new AbortController();
  const lines = createInterface({ input: process.stdin, signal: interruption.signal });
  const stop = () => interruption.abort();
  process.once('SIGINT', stop);
  process.stderr.write(question);
  try {
    for await (const line of lines) {
      if (line.trim() === 'yes') return;
      throw refusal(1);
    }
    process.stderr.write('\n');
    throw refusal(interruption.signal.aborted ? 130 : 1);
  } finally {
    process.off('SIGINT', stop);
    lines.close();
  }
}
