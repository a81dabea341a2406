import { runAdmin } from './commands/admin.ts';
import { CommandError, describeFailure } from './commands/failure.ts';
import { runDoctor } from './commands/doctor.ts';
import { runMigrate } from './commands/migrate.ts';
import { runServe } from './commands/serve.ts';

const commands = new Map<string, (args: string[]) => Promise<void>>([
  ['serve', runServe],
  ['migrate', runMigrate],
  ['admin', runAdmin],
  ['doctor', runDoctor],
]);

const [name = 'serve', ...args] = process.argv.slice(2);
process.title = `latchkey ${name}`;

try {
  const run = commands.get(name);
  if (!run) throw new CommandError(`there is no command "${name}"; use one of ${[...commands.keys()].join(', ')}`);
  await run(args);
} catch (error) {
  process.stderr.write(`latchkey: ${describeFailure(error)}\n`);
  process.exitCode = 1;
}
