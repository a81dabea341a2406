import cluster from 'node:cluster';
import { CommandError, reportFailure } from './commands/failure.ts';
import { readLogFormat } from './config/config.ts';

// A command loads what it needs, and nothing of the others. The primary starts workers; people do not.
const ofPrimary = 'worker';
const commands = new Map<string, (args: string[]) => Promise<void>>([
  ['serve', async () => (await import('./commands/serve.ts')).runServe()],
  ['migrate', async (args) => (await import('./commands/migrate.ts')).runMigrate(args)],
  ['admin', async (args) => (await import('./commands/admin.ts')).runAdmin(args)],
  ['doctor', async (args) => (await import('./commands/doctor.ts')).runDoctor(args)],
  [ofPrimary, async () => (await import('./commands/worker.ts')).runWorker()],
]);

const [name = 'serve', ...args] = process.argv.slice(2);
process.title = `latchkey ${name}`;

try {
  const run = commands.get(name);
  const names = [...commands.keys()].filter((each) => each !== ofPrimary);
  if (!run) throw new CommandError(`there is no command "${name}"; use one of ${names.join(', ')}`);
  await run(args);
} catch (error) {
  process.exitCode = 1;
  const isServer = name === 'serve' || name === ofPrimary;
  await reportFailure(error, isServer ? readLogFormat(process.env) : 'pretty');
} finally {
  // A primary's channel keeps a worker alive. It goes by way of the primary, so that a connection on its way here is handed back.
  if (cluster.worker?.isConnected()) cluster.worker.disconnect();
}
