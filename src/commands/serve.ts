import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from '../app.ts';
import { loadConfig, type Config } from '../config/config.ts';
import { processEnvironment } from '../config/env.ts';
import type { Secrets } from '../config/secrets.ts';
import { createContext, type Context } from '../context.ts';
import { createHttpServer } from '../http/server.ts';
import { createLog, openStandardOutput, type Log } from '../log.ts';
import { scrapeProcess } from '../metrics/across-workers.ts';
import { isEmailAddress } from '../identity/email-address.ts';
import { deleteExpired } from './expiry.ts';
import { provideDatabase } from './database-url.ts';
import { CommandError } from './failure.ts';
import { openAdminPort, startObservers, tellOf, watchUncaught } from './observers.ts';
import { prepareSchema } from './schema.ts';

const expiryIntervalMs = 60 * 60 * 1000;

/** `serve`: starts everything, listens, and ends everything in reverse at SIGINT or SIGTERM. */
export async function runServe(): Promise<void> {
  const { config, secrets } = loadConfig(processEnvironment());
  const output = openStandardOutput();
  const log = createLog(config.log, output);
  const stopSignal = waitForSignal();
  const ends: (() => unknown)[] = [];
  try {
    const observers = await startObservers(config, secrets, log);
    ends.push(observers.stop);
    watchUncaught(log, observers);
    const database = await provideDatabase(config, secrets, 'refuse', (message) => log.info(message));
    ends.push(database.stop);
    await prepareSchema(database.url, config.database, (message) => log.info(message));
    const context = createContext(config, secrets, database.url, log, observers);
    ends.push(context.close);
    context.metrics.watchLog(() => output.lost);
    await createFirstAdmin(context, secrets);
    const server = createHttpServer(await createApp(context), config);
    const admin = await openAdminPort(config, log, scrapeProcess(tellOf(context, server)));
    if (admin) ends.push(admin.stop, context.metrics.watchProcess());
    await listen(server, config);
    ends.push(() => drain(server, context));
    ends.push(keepExpiring(context));
    announce(log, server, config, await context.services.users.hasAdmin());
    const signal = await stopSignal;
    log.info({ signal }, 'stopping');
  } finally {
    for (const end of ends.reverse()) await end();
  }
  log.info('stopped');
}

// A second signal ends the process at once.
function waitForSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
}

async function createFirstAdmin({ config, services, log }: Context, { adminPassword }: Secrets): Promise<void> {
  const { adminEmail } = config;
  if (adminEmail === undefined || adminPassword === undefined) return;
  if (!isEmailAddress(adminEmail)) throw new CommandError('ADMIN_EMAIL is not an e-mail address');
  const input = { email: adminEmail, password: adminPassword, fullName: 'Administrator' };
  if (await services.users.createFirstAdmin(input)) log.info({ email: adminEmail }, 'the first administrator was made');
}

async function listen(server: Server, { host, port }: Config): Promise<void> {
  server.listen(port, host);
  await once(server, 'listening');
}

// Requests in flight are answered; connections that stay open after that, or after the grace, are cut.
async function drain(server: Server, { config, beginStopping, log }: Context): Promise<void> {
  beginStopping();
  const closed = new Promise((resolve) => server.close(resolve));
  server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
  const timer = setTimeout(() => {
    log.warn('the grace is over; open connections are cut');
    server.closeAllConnections();
  }, config.shutdownGraceSeconds * 1000);
  await closed;
  clearTimeout(timer);
}

function keepExpiring({ database, log }: Context): () => Promise<void> {
  const expire = () =>
    deleteExpired(database.pool).catch((error: unknown) =>
      log.error({ err: error }, 'expired rows could not be deleted'),
    );
  let running = expire();
  const timer = setInterval(() => {
    running = expire();
  }, expiryIntervalMs);
  return async () => {
    clearInterval(timer);
    await running;
  };
}

function announce(log: Log, server: Server, config: Config, hasAdmin: boolean): void {
  const { port } = server.address() as AddressInfo;
  const { host } = config;
  const address = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  log.info(`API       ${address}/api/v1`);
  log.info(`docs      ${address}/docs`);
  log.info(`console   ${address}/docs/try`);
  log.info(`contract  ${address}/openapi.json`);
  if (!hasAdmin)
    log.info('There is no administrator yet: npm run admin -- create --email you@example.com --name "Your Name"');
}
