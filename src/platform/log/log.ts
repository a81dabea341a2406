import cluster from 'node:cluster';
import { createRequire } from 'node:module';
import { pino, type Logger } from 'pino';
import type * as Pretty from 'pino-pretty';
import type { Config } from '../config/config.ts';
import { LogOutput } from './log-output.ts';
import { redact } from './redaction.ts';

const load = createRequire(import.meta.url);

/** A structured log. */
export type Log = Pick<Logger, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;

/** Creates the process's log. */
export function createLog(config: Config['log'], output?: LogOutput): Log {
  const options = { level: config.level, base: null, serializers: { err: describeError } };
  if (config.level === 'silent') return pino(options);
  const destination = output ?? openStandardOutput();
  if (config.format === 'json') return pino({ ...options, base: describeProcess() }, destination);
  // Loaded only for readable logs, which production does not write.
  const { prettyFactory } = load('pino-pretty') as typeof Pretty;
  const format = prettyFactory({ translateTime: 'SYS:HH:MM:ss.l' });
  const readable = {
    write: (line: string) => destination.write(format(line)),
    flushSync: () => destination.flushSync(),
  };
  return pino(options, readable);
}

/** Standard output, flushed before the process exits. */
export function openStandardOutput(): LogOutput {
  const output = new LogOutput();
  process.on('exit', () => output.flushSync());
  return output;
}

// Distinguishes the processes that write to the same log.
function describeProcess(): Record<string, number> {
  return { pid: process.pid, ...(cluster.worker && { worker: cluster.worker.id }) };
}

/**
 * The fields of an error that are logged. They are an allowlist, because database errors contain the row and HTTP errors the request,
 * and both may contain secrets.
 */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: 'something that is not an error was thrown' };
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  return {
    type: error.name,
    message: redact(error.message),
    stack: error.stack && redact(error.stack),
    ...(code !== undefined && { code }),
    ...(constraint !== undefined && { constraint }),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  };
}
