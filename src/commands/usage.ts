import { parseArgs, type ParseArgsConfig } from 'node:util';
import { CommandError } from './failure.ts';

/** What a person reads of a command: how to call it, and what that does. */
export interface Usage {
  readonly call: string;
  readonly does: string;
}

/** The commands, as people call them. */
export const usages: Readonly<Record<string, Usage>> = {
  serve: { call: 'npm start', does: 'Serves the API until a signal; migrates the database first.' },
  migrate: {
    call: 'npm run migrate, or npm run migrate -- status | rollback [--yes] [--drop-all-data]',
    does: 'Applies the migrations that the database lacks, lists them, or takes the last ones back.',
  },
  admin: {
    call: 'npm run admin -- create --email ADDRESS --name "FULL NAME"',
    does: 'Makes an administrator; asks for the password, or reads it from standard input.',
  },
  doctor: {
    call: 'npm run doctor, or npm run doctor -- --json',
    does: 'Tells whether this environment may go live; status 1 says that it may not.',
  },
};

const everyCommand = 'node dist/src/main.js [COMMAND] [--help] [--version]';

/** A call that is not understood: status 2. */
export class UsageError extends CommandError {
  constructor(command: string | undefined, wrong?: string) {
    const usage = usages[command ?? ''];
    super(`${wrong === undefined ? '' : `${wrong}; `}use: ${usage?.call ?? everyCommand}`, { status: 2 });
  }
}

/** What is told of one command, or of all. */
export function describeUsage(command: string | undefined): string {
  const usage = usages[command ?? ''];
  if (usage) return `use: ${usage.call}\n\n${usage.does}\n`;
  const lines = Object.entries(usages).map(([name, { call, does }]) => `${name.padEnd(8)} ${does}\n         ${call}\n`);
  return `use: ${everyCommand}; without a command it serves\n\n${lines.join('')}`;
}

/** Reads the arguments of a command. Throws a UsageError for an option that it does not have. */
export function readArguments<const Options extends NonNullable<ParseArgsConfig['options']>>(
  command: string,
  args: string[],
  options: Options,
) {
  try {
    return parseArgs({ args, allowPositionals: true, options });
  } catch (error) {
    const [wrong] = (error as Error).message.split(/\. |\n/);
    throw new UsageError(command, wrong);
  }
}
