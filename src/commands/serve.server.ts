import type { Config, loadConfig } from '../platform/config/config.ts';
import type { Secrets } from '../platform/config/secrets.ts';
import { primaryPoolMax } from '../platform/database/database.ts';
import { ServiceError } from '../platform/errors.ts';
import { createContext, type Context } from '../process/context.ts';
import { createLog, openStandardOutput, type Log } from '../platform/log/log.ts';
import { checkAdmin } from './admin.create.ts';
import { provideDatabase } from '../process/command-database.ts';
import { CommandError, describeFailure } from '../process/failure.ts';
import { startJobs, type Jobs } from '../process/jobs.ts';
import { openOperatorPort, processStatus, startObservers, watchUncaught } from '../process/observers.ts';
import { serveWithWorkers } from '../process/primary.ts';
import { prepareSchema } from '../process/schema.ts';
import { startServing } from '../process/serving.ts';
import { waitForSignal } from '../process/signals.ts';
import { statusOfProcess } from '../process/status.ts';
import { callOf } from '../process/usage.ts';

const remedyForRegistered = () =>
  `a user who is not an administrator has that address; set another, or make them one with: ${callOf('admin', 'promote ADDRESS')}`;
const remedyForForeignPrimary =
  'WORKERS is ignored and ADMIN_PORT shows only one of them; let it start one process, and set WORKERS';

/** Prepares what all processes share, answers requests here or in workers, and at a signal stops everything in reverse order. */
export async function serve(
  { config, secrets, warnings }: ReturnType<typeof loadConfig>,
  hasForeignPrimary: boolean,
): Promise<void> {
  const output = openStandardOutput();
  const log = createLog(config.log, output);
  for (const warning of warnings) log.warn(warning);
  if (hasForeignPrimary) log.warn(`another program starts several processes; ${remedyForForeignPrimary}`);
  const isSingle = config.workers === 1;
  // A single process can't be replaced, so SIGHUP stops it, as it does any process.
  const stopSignal = isSingle ? waitForSignal('SIGINT', 'SIGTERM', 'SIGHUP') : waitForSignal('SIGINT', 'SIGTERM');
  // Before workers are started there is nothing to replace.
  if (!isSingle) process.on('SIGHUP', () => {});
  const ends: (() => unknown)[] = [];
  let jobs: Jobs | undefined;
  try {
    const observers = await startObservers(config, secrets, log);
    ends.push(observers.stop);
    watchUncaught(log, observers);
    const database = await provideDatabase(config, secrets, hasForeignPrimary ? 'share' : 'own', (message) =>
      log.info(message),
    );
    ends.push(database.stop);
    await prepareSchema(database.url, config.database, (message) => log.info(message));
    const context = await createContext(isSingle ? config : ofPrimary(config), secrets, database.url, log, observers);
    ends.push(async () => {
      // A job that outlasts the grace period keeps its connection, and closing the pool would wait for it.
      if (!(await jobs?.stop())) await context.close();
    });
    context.metrics.watchLog(() => output.lost);
    await createFirstAdmin(context, secrets);
    const isStopped = (await Promise.race([stopSignal, Promise.resolve()])) !== undefined;
    if (!isStopped) {
      jobs = startJobs(context);
      const port = isSingle ? await serveInThisProcess(context, ends) : await serveWithWorkers(context, ends);
      announce(log, config, port, await context.features.users.service.hasAdmin());
    }
    log.info({ signal: await stopSignal }, 'stopping');
    // Concurrently with the server, as both share one grace period.
    void jobs?.stop();
  } finally {
    for (const end of ends.reverse()) await end();
  }
  log.info('stopped');
  // Such a job would keep the process alive.
  if (await jobs?.stop()) process.exit();
}

// A primary answers no requests: a few connections are enough for startup and jobs.
function ofPrimary(config: Config): Config {
  return { ...config, database: { ...config.database, poolMax: primaryPoolMax } };
}

async function serveInThisProcess(context: Context, ends: (() => unknown)[]): Promise<number> {
  const { config, log, metrics } = context;
  let listening = false;
  const operators = await openOperatorPort(config, log, statusOfProcess(processStatus(context, () => listening)));
  if (operators) ends.push(operators.stop, metrics.watchProcess());
  const serving = await startServing(context);
  listening = true;
  ends.push(serving.stop);
  return serving.port;
}

async function createFirstAdmin(context: Context, { adminPassword }: Secrets): Promise<void> {
  const { features, log } = context;
  const { service: users } = features.users;
  const { adminEmail } = context.config;
  if (adminEmail === undefined || adminPassword === undefined) return;
  if (await users.hasAdmin()) return;
  const input = { email: adminEmail, password: adminPassword, fullName: 'Administrator' };
  try {
    const admin = checkAdmin(context, input);
    if (await users.createFirstAdmin(admin)) log.info('created the first administrator');
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code === 'service_unavailable') throw error;
    // Whoever registered the address may not be the person who set the variable, and must not become an administrator.
    if (error.code === 'email_taken')
      return log.warn(`no administrator was created for ADMIN_EMAIL: ${remedyForRegistered()}`);
    const reason = describeFailure(error);
    throw new CommandError(`can't create the administrator of ADMIN_EMAIL and ADMIN_PASSWORD: ${reason}; set others`, {
      cause: error,
    });
  }
}

function announce(log: Log, { host, pages }: Config, port: number, hasAdmin: boolean): void {
  const address = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (pages) log.info(`pages     ${address}/`);
  log.info(`API       ${address}/api/v1`);
  log.info(`docs      ${address}/docs`);
  log.info(`try it    ${address}/docs/try`);
  log.info(`contract  ${address}/openapi.json`);
  if (hasAdmin) return;
  const call = callOf('admin', 'create --email you@example.com --name "Your Name"');
  log.info(`There is no administrator yet: ${call}`);
}
