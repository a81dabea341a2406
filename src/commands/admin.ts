import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { createContext } from '../context.ts';
import { createLog } from '../log.ts';
import { isEmailAddress } from '../identity/email-address.ts';
import { provideDatabase } from './database-url.ts';
import { loadEnvironment } from './environment.ts';
import { CommandError } from './failure.ts';
import { prepareSchema } from './schema.ts';

const usage = 'use: npm run admin -- create --email ADDRESS --name "FULL NAME"';

/** `admin create`: makes an administrator; the password is asked for, or read from standard input. */
export async function runAdmin(args: string[]): Promise<void> {
  const { email, fullName } = readArguments(args);
  const { config, secrets } = loadEnvironment();
  const say = (message: string) => process.stderr.write(`${message}\n`);
  const password = await readPassword();
  const database = await provideDatabase(config, secrets, 'share', say);
  try {
    await prepareSchema(database.url, config.database, say);
    const log = createLog({ ...config.log, level: 'error' });
    const context = await createContext(config, secrets, database.url, log);
    try {
      const user = await context.services.users.create({ email, password, fullName, role: 'admin' });
      process.stdout.write(`${user.email} is an administrator now (${user.id})\n`);
    } finally {
      await context.close();
    }
  } finally {
    await database.stop();
  }
}

function readArguments(args: string[]): { email: string; fullName: string } {
  const { values, positionals } = parse(args);
  const { email, name } = values;
  if (positionals.join(' ') !== 'create' || !email || !name) throw new CommandError(usage);
  if (!isEmailAddress(email)) throw new CommandError(`"${email}" is not an e-mail address`);
  if (name.length > 100 || !/^ *[^\s\p{Cc}]\P{Cc}*$/u.test(name)) {
    throw new CommandError('the name is empty, longer than 100 characters or holds control characters');
  }
  return { email, fullName: name };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { email: { type: 'string' }, name: { type: 'string' } },
    });
  } catch (error) {
    throw new CommandError(`${(error as Error).message}; ${usage}`);
  }
}

async function readPassword(): Promise<string> {
  const password = process.stdin.isTTY ? await ask('Password: ') : (await text(process.stdin)).replace(/\r?\n$/, '');
  if (process.stdin.isTTY && (await ask('Again: ')) !== password) throw new CommandError('the passwords differ');
  return password;
}

async function ask(question: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
