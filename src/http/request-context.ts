import type { RequestHandler } from 'express';
import { v7 as createId } from 'uuid';
import type { ProblemCode } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Principal } from '../identity/principal.ts';
import type { OperationId } from './operation.ts';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- Express is extended this way only
  namespace Express {
    interface Request {
      /** The request's id, for logs and problem documents. */
      id: string;
      operationId?: OperationId;
      principal?: Principal;
      problemCode?: ProblemCode;
    }
  }
}

const wellFormedId = /^[A-Za-z0-9._-]{1,128}$/;

/** Gives each request an id: the client's own when it is well-formed. */
export const identifyRequest: RequestHandler = (request, response, next) => {
  const given = request.get('X-Request-Id');
  request.id = given !== undefined && wellFormedId.test(given) ? given : createId();
  response.setHeader('X-Request-Id', request.id);
  next();
};

/** Logs one line a request when it ends. Its fields are chosen: no header, body or query string, which may hold secrets. */
export function logRequests(log: Log): RequestHandler {
  return (request, response, next) => {
    const started = performance.now();
    const path = request.path;
    response.once('close', () => {
      log.info(
        {
          request_id: request.id,
          operation_id: request.operationId,
          method: request.method,
          path,
          status: response.statusCode,
          problem: request.problemCode,
          aborted: response.writableFinished ? undefined : true,
          duration_ms: Math.round((performance.now() - started) * 100) / 100,
          user_id: request.principal?.user.id,
          client_ip: request.ip,
        },
        'request',
      );
    });
    next();
  };
}
