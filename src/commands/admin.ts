import { createLog } from '../platform/log/log.ts';
import { readArguments } from '../process/arguments.ts';
import { provideDatabase } from '../process/command-database.ts';
import type { Context } from '../process/context.ts';
import { loadEnvironment } from '../process/environment.ts';
import { prepareSchema } from '../process/schema.ts';
import { demote, erase, listAdministrators, promote } from './admin.users.ts';

/** Opens the context when it is first needed, so not before a password has been typed. */
type Open = () => Promise<Context>;

/** Does what was asked for; returns the command's output. */
type Action = (open: Open, hasSecrets: boolean) => Promise<string>;

/** `admin` creates, promotes, demotes and lists administrators, and erases users. */
export async function runAdmin(args: string[]): Promise<void> {
  const action = readAction(args);
  const { config, secrets, hasSecrets } = loadEnvironment();
  const say = (message: string) => process.stderr.write(`${message}\n`);
  const database = await provideDatabase(config, secrets, 'visit', say);
  const ends = [database.stop];
  try {
    const open = async () => {
      await prepareSchema(database.url, config.database, say);
      const log = createLog({ ...config.log, level: 'error' });
      const { createContext } = await import('../process/context.ts');
      const context = await createContext(config, secrets, database.url, log);
      ends.push(context.close);
      return context;
    };
    process.stdout.write(`${await action(open, hasSecrets)}\n`);
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

function readAction(args: string[]): Action {
  const { values, positionals } = readArguments('admin', args, {
    email: { type: 'string' },
    name: { type: 'string' },
    json: { type: 'boolean' },
    yes: { type: 'boolean' },
  });
  const [action = '', user = ''] = positionals;
  const { email = '', name = '', json = false, yes = false } = values;
  switch (action) {
    case 'create':
      return async (open) => (await import('./admin.create.ts')).createAdmin(open, { email, name });
    case 'promote':
      return async (open) => promote(await open(), user, yes);
    case 'demote':
      return async (open) => demote(await open(), user);
    case 'erase':
      return async (open, hasSecrets) => erase(await open(), user, { yes, hasSecrets });
    default:
      return async (open) => listAdministrators(await open(), json);
  }
}
