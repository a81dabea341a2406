import {
  createEventEnvelope,
  createStackParser,
  createTransport,
  getEnvelopeEndpointWithUrlEncodedAuth,
  makeDsn,
  uuid4,
  type Event,
  type Exception,
} from '@sentry/core';
import { nodeStackLineParser } from '@sentry/core/server';
import type { Log } from '../log/log.ts';
import { redact } from '../log/redaction.ts';

/** The request in which a fault occurred, without headers, body or address. */
export interface FaultPlace {
  readonly requestId: string;
  readonly operationId: string | undefined;
  readonly traceId: string | undefined;
}

/** Reports unexpected errors to Sentry or a service that speaks its protocol. */
export interface Faults {
  /** Without a place, the error was uncaught. */
  report(error: unknown, place?: FaultPlace): void;
  /** Sends the remaining reports, for a few seconds at most. */
  readonly stop: () => Promise<void>;
}

export interface FaultsParts {
  readonly dsn: string;
  readonly version: string;
  readonly production: boolean;
  readonly log: Log;
}

const timeoutMs = 3000;

/** Starts reporting. Every field of an event is chosen here; nothing is collected automatically. */
export function createFaults({ dsn: text, version, production, log }: FaultsParts): Faults {
  const dsn = makeDsn(text);
  if (!dsn) throw new Error('SENTRY_DSN is not a DSN');
  const url = getEnvelopeEndpointWithUrlEncodedAuth(dsn);
  // The transport honours the receiver's rate limits and bounds the reports in flight.
  const transport = createTransport({ recordDroppedEvent: () => {} }, async ({ body }) => {
    const response = await fetch(url, { method: 'POST', body, signal: AbortSignal.timeout(timeoutMs) });
    await response.body?.cancel();
    const headers = {
      'x-sentry-rate-limits': response.headers.get('X-Sentry-Rate-Limits'),
      'retry-after': response.headers.get('Retry-After'),
    };
    return { statusCode: response.status, headers };
  });
  let isUnavailable = false;
  return {
    report(error, place) {
      const event: Event = {
        event_id: uuid4(),
        timestamp: Date.now() / 1000,
        platform: 'node',
        level: place ? 'error' : 'fatal',
        release: `latchkey@${version}`,
        environment: production ? 'production' : 'development',
        exception: { values: describeExceptions(error, place !== undefined) },
        contexts: { runtime: { name: 'node', version: process.versions.node } },
        tags: { request_id: place?.requestId, operation_id: place?.operationId, trace_id: place?.traceId },
      };
      transport.send(createEventEnvelope(event, dsn)).then(
        () => {
          isUnavailable = false;
        },
        (reason: unknown) => {
          if (!isUnavailable) log.warn({ err: reason }, 'a fault could not be reported');
          isUnavailable = true;
        },
      );
    },
    stop: async () => {
      await transport.flush(timeoutMs);
    },
  };
}

const parseStack = createStackParser(nodeStackLineParser());

/** An error and its causes, innermost first, as Sentry expects. */
function describeExceptions(error: unknown, handled: boolean): Exception[] {
  if (!(error instanceof Error)) return [{ type: 'Error', value: 'something that is not an error was thrown' }];
  const { code, constraint, cause } = error as { code?: unknown; constraint?: unknown; cause?: unknown };
  const exception: Exception = {
    type: error.name,
    value: redact([error.message, code, constraint].filter((part) => typeof part === 'string').join(' | ')),
    stacktrace: { frames: parseStack(error.stack ?? '', 1) },
    mechanism: { type: 'latchkey', handled },
  };
  return cause === undefined ? [exception] : [...describeExceptions(cause, handled), exception];
}
