import path from 'node:path';
import { startedBy } from '../platform/config/env.ts';
import { CommandError } from './failure.ts';

/** The help of a command: its arguments and what it does. */
export interface Usage {
  readonly args: readonly string[];
  readonly does: string;
}

/** The commands that people run. */
export const usages: Readonly<Record<string, Usage>> = {
  serve: { args: [''], does: 'Serves the API until it receives a signal; migrates the database first.' },
  migrate: {
    args: ['', 'status', 'schema', 'rollback [--yes] [--drop-all-data]'],
    does: 'Applies pending migrations, lists all of them, writes migrations/schema.sql, or rolls the last ones back.',
  },
  admin: {
    args: [
      'create --email ADDRESS --name "FULL NAME"',
      'promote ADDRESS|ID [--yes]',
      'demote ADDRESS|ID',
      'list [--json]',
      'erase ADDRESS|ID [--yes]',
    ],
    does:
      'Creates (prompting for the password, or reading it from standard input), promotes, demotes or lists administrators, ' +
      'or erases a user now.',
  },
  users: {
    args: ['import FILE|- [--dry-run] [--refused FILE]', 'export [--output FILE]'],
    does:
      'Adds the users in a file of JSON lines, with their hashed passwords, or writes all users in that form. ' +
      'See openapi/moving/README.md.',
  },
  jobs: {
    args: ['list [--json]', 'retry ID', 'drop ID'],
    does: 'Lists waiting, running and dead jobs, runs one now, or deletes one.',
  },
  audit: {
    args: ['export [--from TIME] [--to TIME] [--user ID]'],
    does: 'Writes audit events to standard output, one JSON object per line, the oldest first.',
  },
  mails: {
    args: ['print', 'preview DIRECTORY'],
    does: 'Prints the sentences of all mails, for translation, or writes a preview of each mail.',
  },
  keys: {
    args: [
      'list [--file FILE] [--json]',
      'generate [--file FILE] [--algorithm ES256|RS256] [--starts-in 10m | --now]',
      'rotate [--file FILE] [--starts-in 10m | --now]',
      'retire [--file FILE] [KID …] [--force]',
    ],
    does:
      'Lists the keys that sign access tokens, adds one, replaces the one that signs, or removes those whose tokens have all expired. ' +
      'A new key is published at once and starts to sign ten minutes later.',
  },
  doctor: {
    args: ['[--json]'],
    does: 'Checks whether this environment may go live; status 1 means that it may not.',
  },
};

/** How to run a command here: with npm, in the image or with node, as this process was started. */
export function callOf(command: string, args = ''): string {
  switch (startedBy()) {
    case 'npm':
      return `${command === 'serve' ? 'npm start' : `npm run ${command}`}${args && ` -- ${args}`}`;
    case 'image':
      return `docker run ${command === 'admin' ? '-it ' : ''}… latchkey ${command} ${args}`.trimEnd();
    case 'node':
      return `${program()} ${command} ${args}`.trimEnd();
  }
}

function program(): string {
  return `node ${path.relative(process.cwd(), process.argv[1] ?? '') || 'dist/server/main.js'}`;
}

function callsOf(command: string, forms: readonly string[]): string {
  return forms.map((args) => callOf(command, args)).join(', or ');
}

const everyCommand = () => `${program()} [COMMAND] [--help] [--version]`;

/** A command line that is not understood: status 2. `forms` are the arguments that would do. */
export class UsageError extends CommandError {
  constructor(command: string | undefined, wrong: string, forms = usages[command ?? '']?.args) {
    super(`${wrong}; use: ${command && forms ? callsOf(command, forms) : everyCommand()}`, { status: 2 });
  }
}

/** The help text of one command, or of all. */
export function describeUsage(command: string | undefined): string {
  const usage = usages[command ?? ''];
  if (command !== undefined && usage) return `use: ${callsOf(command, usage.args)}\n\n${usage.does}\n`;
  const lines = Object.entries(usages).map(
    ([name, { args, does }]) => `${name.padEnd(8)} ${does}\n         ${callsOf(name, args)}\n`,
  );
  return `use: ${everyCommand()}; without a command it serves\n\n${lines.join('')}`;
}
