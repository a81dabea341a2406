import type { Config } from '../platform/config/config.ts';
import { findProject } from '../platform/project.ts';
import type { Secrets } from '../platform/config/secrets.ts';
import type { Context, Observers } from './context.ts';
import type { Log } from '../platform/log/log.ts';
import { startOperatorServer, type OperatorServer } from './operator-server.ts';
import { CommandError } from './failure.ts';
import type { ProcessStatus, ServiceStatus } from './status.ts';

/** Starts tracing and fault reports if they are configured, and loads neither if not. */
export async function startObservers(
  config: Config,
  secrets: Secrets,
  log: Log,
): Promise<Observers & { readonly stop: () => Promise<void> }> {
  const { version } = findProject();
  const { production, tracing: tracingConfig } = config;
  const tracing =
    tracingConfig &&
    (await import('../platform/tracing/tracing.ts')).createTracing({
      config: tracingConfig,
      headers: secrets.tracingHeaders,
      version,
      log,
    });
  const faults =
    secrets.sentryDsn === undefined
      ? undefined
      : (await import('../platform/faults/faults.ts')).createFaults({
          dsn: secrets.sentryDsn,
          version,
          production,
          log,
        });
  return {
    tracing,
    faults,
    stop: async () => {
      await tracing?.stop();
      await faults?.stop();
    },
  };
}

/** Logs and reports an uncaught error, after which the process exits with status 1. */
export function watchUncaught(log: Log, { faults }: Observers): void {
  process.on('uncaughtExceptionMonitor', (error) => log.fatal({ err: error }, 'uncaught error'));
  if (!faults) return;
  process.once('uncaughtException', (error) => {
    faults.report(error);
    void faults.stop().finally(() => process.exit(1));
  });
}

/** Starts the operator server if ADMIN_PORT is set. */
export async function openOperatorPort(
  { operators }: Config,
  log: Log,
  status: ServiceStatus,
): Promise<Pick<OperatorServer, 'stop'> | undefined> {
  if (!operators) return undefined;
  try {
    const server = await startOperatorServer(operators, status);
    log.info(`operators ${server.origin}/metrics`);
    return server;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CommandError(
      `operators can't be served at ${operators.host}:${operators.port} (${code}); set another ADMIN_PORT or ADMIN_HOST`,
    );
  }
}

/** The status of this process. */
export function processStatus({ metrics, features }: Context, isListening: () => boolean): ProcessStatus {
  const checkReadiness = async () => {
    await features.health.service.checkReadiness();
    if (!isListening()) throw new Error('Not ready: the server is starting.');
  };
  metrics.watchReadiness(checkReadiness);
  return { snapshot: metrics.snapshot, checkReadiness };
}
