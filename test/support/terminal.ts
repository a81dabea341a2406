/** Runs a command at a pseudo-terminal, which Python provides. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { main } from './process.ts';

export const hasTerminal = spawnSync('python3', ['-c', 'import pty']).status === 0;

// Types each answer when its question appears; reports the exit status and whether the terminal echoes again.
const script = `
import json, os, pty, sys, termios
answers, command = json.loads(sys.argv[1]), sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0: os.execv(command[0], command)
said = b''
try:
    while True:
        said += os.read(terminal, 4096)
        if answers and answers[0][0].encode() in said:
            os.write(terminal, answers.pop(0)[1].encode())
        echoes = bool(termios.tcgetattr(terminal)[3] & termios.ECHO)
except OSError: pass
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
print(json.dumps({'status': status, 'said': said.decode(), 'echoes': echoes}))
`;

export interface Typed {
  readonly status: number;
  /** What the terminal showed. */
  readonly said: string;
  /** Whether the terminal echoes again. */
  readonly echoes: boolean;
}

/** Runs a command and types an answer to each question. `answers` are pairs of the question's text and the answer. */
export async function runAtTerminal(
  args: string[],
  variables: Record<string, string>,
  answers: [string, string][],
): Promise<Typed> {
  const command = [process.execPath, main, ...args];
  const env = { PATH: process.env['PATH'], ...variables };
  const child = spawn('python3', ['-c', script, JSON.stringify(answers), ...command], { env });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.pipe(process.stderr);
  await once(child, 'close');
  return JSON.parse(output) as Typed;
}
