import { readArguments } from '../process/arguments.ts';
import { provideDatabase } from '../process/command-database.ts';
import type { Context } from '../process/context.ts';
import { loadEnvironment } from '../process/environment.ts';
import { readPassword } from '../process/password-prompt.ts';
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
      const [{ createContext }, { createLog }, { prepareSchema }] = await Promise.all([
        import('../process/context.ts'),
        import('../platform/log/log.ts'),
        import('../process/schema.ts'),
      ]);
      await prepareSchema(database.url, config.database, say);
      const log = createLog({ ...config.log, level: 'error' });
      const context = await createContext(config, secrets, database.url, log);
      ends.push(context.close);
      return context;
    };
    process.stdout.write(`${await action(open, hasSecrets)}\n`);
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

/** What these arguments ask for. */
export function readAction(args: string[]): Action {
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
      return async (open) => {
        const password = await readPassword();
        const { createAdmin } = await import('./admin.create.ts');
        return createAdmin(await open(), { email, name, password });
      };
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
