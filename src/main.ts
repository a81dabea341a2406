import cluster from 'node:cluster';
import { CommandError, reportFailure } from './process/failure.ts';
import { watchOutput } from './process/output.ts';
import { describeUsage, UsageError, usages } from './process/usage.ts';
import { findProject } from './platform/project.ts';

// Each command loads only what it needs. `worker` is run by the primary, not by people.
const ofPrimary = 'worker';
const commands = new Map<string, (args: string[]) => Promise<void>>([
  ['serve', async (args) => (await import('./commands/serve.ts')).runServe(args)],
  ['migrate', async (args) => (await import('./commands/migrate.ts')).runMigrate(args)],
  ['admin', async (args) => (await import('./commands/admin.ts')).runAdmin(args)],
  ['users', async (args) => (await import('./commands/users.ts')).runUsers(args)],
  ['jobs', async (args) => (await import('./commands/jobs.ts')).runJobs(args)],
  ['audit', async (args) => (await import('./commands/audit.ts')).runAudit(args)],
  ['mails', async (args) => (await import('./commands/mails.ts')).runMails(args)],
  ['keys', async (args) => (await import('./commands/keys.ts')).runKeys(args)],
  ['doctor', async (args) => (await import('./commands/doctor.ts')).runDoctor(args)],
  [ofPrimary, async () => (await import('./process/worker.ts')).runWorker()],
]);

const args = process.argv.slice(2);
const asksForHelp = args[0] === 'help';
const word = asksForHelp ? args[1] : (args[0] ?? 'serve');
const name = word?.startsWith('-') ? undefined : word;
process.title = `latchkey ${name ?? ''}`;

const isServer = name === 'serve' || name === ofPrimary;
// The bundle has few files, and reports and logs of faults name the source.
if (isServer) process.setSourceMapsEnabled(true);
// Node would tell operators what packages use that is deprecated, since in the bundle they no longer look like packages.
process.noDeprecation = !process.traceDeprecation;
const isReported = isServer ? () => false : watchOutput();

try {
  await main();
} catch (error) {
  process.exitCode = error instanceof CommandError ? error.status : 1;
  if (!isReported(error)) await reportFailure(error, isServer ? await logFormat() : 'pretty');
} finally {
  // The channel to the primary keeps a worker alive. Disconnecting hands back a connection that is on its way here.
  if (cluster.worker?.isConnected()) cluster.worker.disconnect();
}

async function logFormat() {
  return (await import('./platform/config/config.ts')).readLogFormat(process.env);
}

async function main(): Promise<void> {
  const run = name === undefined ? undefined : commands.get(name);
  if (name !== undefined && !run) {
    throw new CommandError(`there is no command "${name}"; use one of ${Object.keys(usages).join(', ')}`, {
      status: 2,
    });
  }
  const options = args.slice(0, [...args, '--'].indexOf('--'));
  if (asksForHelp || options.includes('--help') || options.includes('-h')) process.stdout.write(describeUsage(name));
  else if (options.includes('--version')) process.stdout.write(`${findProject().version}\n`);
  else if (run) await run(args.slice(1));
  else throw new UsageError(undefined, `there is no option ${args[0] ?? ''}`);
}
