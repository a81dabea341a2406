import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { CommandError } from './failure.ts';

// Far longer than the contract allows; anything longer is the wrong file.
const maximumBytes = 64 * 1024;

/** Reads a password, twice from a terminal or once from standard input, without its line break. Throws a CommandError. */
export async function readPassword(): Promise<string> {
  return process.stdin.isTTY ? askTwice() : readInput();
}

async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maximumBytes) throw new CommandError('the password on standard input is too long');
    chunks.push(chunk);
  }
  const password = decode(Buffer.concat(chunks)).replace(/\r?\n$/, '');
  if (/[\r\n]/.test(password)) throw new CommandError('the password on standard input has several lines; give one');
  return password;
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new CommandError('the password on standard input is not UTF-8 text', { cause: error });
  }
}

/** Ctrl-C exits with status 130, as shells do, and Ctrl-D with 1. */
async function askTwice(): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true, historySize: 0 });
  const lines = terminal[Symbol.asyncIterator]();
  let status = 1;
  terminal.once('SIGINT', () => {
    status = 130;
    terminal.close();
  });
  const ask = async (question: string) => {
    process.stderr.write(question);
    const { done, value } = (await lines.next()) as IteratorResult<string, undefined>;
    process.stderr.write('\n');
    if (done) throw new CommandError('no password was given, so nothing was created', { status });
    return value;
  };
  try {
    const password = await ask('Password: ');
    if ((await ask('Again: ')) !== password) throw new CommandError('the passwords differ');
    return password;
  } finally {
    terminal.close();
  }
}
