import { CommandError, reportFailure } from './commands/failure.ts';
import { readLogFormat } from './config/config.ts';

// A command loads what it needs, and nothing of the others.
const commands = new Map<string, (args: string[]) => Promise<void>>([
  ['serve', async () => (await import('./commands/serve.ts')).runServe()],
  ['migrate', async (args) => (await import('./commands/migrate.ts')).runMigrate(args)],
  ['admin', async (args) => (await import('./commands/admin.ts')).runAdmin(args)],
  ['doctor', async (args) => (await import('./commands/doctor.ts')).runDoctor(args)],
]);

const [name = 'serve', ...args] = process.argv.slice(2);
process.title = `latchkey ${name}`;

try {
  const run = commands.get(name);
  if (!run) throw new CommandError(`there is no command "${name}"; use one of ${[...commands.keys()].join(', ')}`);
  await run(args);
} catch (error) {
  process.exitCode = 1;
  await reportFailure(error, name === 'serve' ? readLogFormat(process.env) : 'pretty');
}
