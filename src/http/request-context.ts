import type { RequestHandler } from 'express';
import { randomUUID } from 'node:crypto';
import type { ProblemCode } from '../platform/errors.ts';
import type { Log } from '../platform/log/log.ts';
import type { Metrics } from '../platform/metrics/metrics.ts';
import type { AnyPrincipal } from '../access/principal.ts';
import type { Proxies } from '../platform/network/proxies.ts';
import { operations } from '../../generated/operations.ts';
import type { OperationId } from './operation.ts';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- Express is extended this way only
  namespace Express {
    interface Request {
      /** The request's id, for logs and problem documents. */
      id: string;
      /** The client's address, behind trusted proxies; empty if it has already disconnected. */
      clientIp: string;
      /** Where traces are recorded. */
      traceId?: string;
      operationId?: OperationId;
      principal?: AnyPrincipal;
      problemCode?: ProblemCode;
    }
  }
}

const wellFormedId = /^[A-Za-z0-9._-]{1,128}$/;

/** Sets the request's id, which is the client's own if well-formed, and the client's address. */
export function identifyRequest({ clientOf }: Proxies): RequestHandler {
  return (request, response, next) => {
    const given = request.get('X-Request-Id');
    request.id = given !== undefined && wellFormedId.test(given) ? given : randomUUID();
    response.setHeader('X-Request-Id', request.id);
    const forwardedFor = request.headers['x-forwarded-for'];
    request.clientIp = clientOf(request.socket.remoteAddress, forwardedFor?.toString());
    next();
  };
}

/** Called when a request of an operation ends, with the code of the problem that it was answered with. */
export type EndObservers = Partial<Record<OperationId, (problem: ProblemCode | undefined) => void>>;

// Probes come every few seconds, so their successes are logged at debug level.
const isProbe = (id: OperationId | undefined) => id !== undefined && operations[id].rateLimit === 'none';

/** Logs and counts each request when it ends. The fields are an allowlist: never headers, bodies or query strings. */
export function recordRequests(log: Log, metrics: Metrics, observers: EndObservers): RequestHandler {
  return (request, response, next) => {
    const started = performance.now();
    const path = request.path;
    metrics.requestStarted();
    response.once('close', () => {
      const { operationId, problemCode } = request;
      const { statusCode, writableFinished } = response;
      const milliseconds = performance.now() - started;
      metrics.requestEnded(operationId, writableFinished ? statusCode : 0, milliseconds / 1000);
      if (operationId) observers[operationId]?.(problemCode);
      const isQuiet = isProbe(operationId) && writableFinished && statusCode < 400;
      log[isQuiet ? 'debug' : 'info'](
        {
          request_id: request.id,
          trace_id: request.traceId,
          operation_id: operationId,
          method: request.method,
          path,
          status: statusCode,
          problem: problemCode,
          aborted: writableFinished ? undefined : true,
          duration_ms: Math.round(milliseconds * 100) / 100,
          // `user_id`, and so on by kind.
          ...(request.principal && { [`${request.principal.kind}_id`]: request.principal.id }),
          client_ip: request.clientIp || undefined,
        },
        'request',
      );
    });
    next();
  };
}
