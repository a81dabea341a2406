import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import type { components } from '../../generated/openapi.ts';
import { problems } from '../../generated/problems.ts';
import { bearerChallenge } from '../access/scheme.ts';
import { translateDatabaseError } from '../platform/database/errors.ts';
import { ServiceError, type ProblemCode } from '../platform/errors.ts';
import type { Faults } from '../platform/faults/faults.ts';
import type { Log } from '../platform/log/log.ts';

type Problem = components['schemas']['Problem'];

/** Whether a text is one of the contract's codes. */
export function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(problems, text);
}

/** Answers requests that nothing else answered. */
export const answerNotFound: RequestHandler = () => {
  throw new ServiceError('not_found');
};

/** The sentence that describes an error to people. */
export function describeDetail(error: ServiceError): string {
  return error.detail ?? problems[error.code].detail;
}

/** Creates the problem document of an error (RFC 9457). */
export function describeProblem(error: ServiceError, request: { id: string }, publicUrl: string): Problem {
  const { status, title } = problems[error.code];
  return {
    type: `${publicUrl}/problems/${error.code}`,
    title,
    status,
    detail: describeDetail(error),
    instance: `urn:latchkey:request:${request.id}`,
    code: error.code,
    ...(error.challenge && { challenge: error.challenge }),
    ...(error.violations && { errors: error.violations }),
  };
}

/** The only place that sends errors. Anything but a ServiceError is a 500 that does not reveal its cause. */
export function createProblemHandler(publicUrl: string, log: Log, faults?: Faults): ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => {
    const error = toServiceError(thrown);
    const { status } = problems[error.code];
    if (status >= 500 && error.code !== 'not_ready') {
      log.error({ request_id: request.id, trace_id: request.traceId, err: error.cause ?? error }, error.code);
    }
    if (error.code === 'internal_error') {
      const { id: requestId, operationId, traceId } = request;
      faults?.report(error.cause ?? error, { requestId, operationId, traceId });
    }
    if (response.headersSent) {
      request.socket.destroy();
      return;
    }
    send(request, response, describeProblem(error, request, publicUrl), error);
  };
}

function send(
  request: Request,
  response: Response,
  problem: Problem,
  { retryAfterSeconds, cookies }: ServiceError,
): void {
  request.problemCode = problem.code;
  const body = Buffer.from(JSON.stringify(problem));
  response.status(problem.status);
  if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(retryAfterSeconds));
  if (cookies) response.setHeader('Set-Cookie', cookies);
  // If the credentials in the body were wrong, no challenge was set yet.
  if (problem.status === 401 && !response.hasHeader('WWW-Authenticate')) {
    response.setHeader('WWW-Authenticate', bearerChallenge);
  }
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
  response.setHeader('Content-Length', body.length);
  response.end(request.method === 'HEAD' ? undefined : body);
}

function toServiceError(thrown: unknown): ServiceError {
  const error = translateDatabaseError(thrown);
  if (error instanceof ServiceError) return error;
  if (error instanceof URIError)
    return new ServiceError('malformed_request', { detail: 'The path or the query cannot be decoded.' });
  return new ServiceError('internal_error', { cause: error });
}
