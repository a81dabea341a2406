import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import type { components } from '../../generated/openapi.ts';
import { translateDatabaseError } from '../platform/database/errors.ts';
import { ServiceError, type ProblemCode } from '../platform/errors.ts';
import type { Faults } from '../platform/faults/faults.ts';
import type { Log } from '../platform/log/log.ts';

type Problem = components['schemas']['Problem'];

const kinds: Record<ProblemCode, { status: number; title: string; detail: string }> = {
  account_disabled: {
    status: 403,
    title: 'The account is disabled',
    detail: 'This account was deactivated; an administrator can activate it.',
  },
  authentication_required: {
    status: 401,
    title: 'Authentication is required',
    detail: 'Send an access token as `Authorization: Bearer …`.',
  },
  content_too_large: {
    status: 413,
    title: 'The body is too large',
    detail: 'A body may hold at most 102400 bytes.',
  },
  email_taken: {
    status: 409,
    title: 'The e-mail address is taken',
    detail: 'Another user has this e-mail address.',
  },
  forbidden: {
    status: 403,
    title: 'This is not allowed',
    detail: 'The role of this user does not allow this operation.',
  },
  idempotency_key_reused: {
    status: 409,
    title: 'The idempotency key was used before',
    detail: 'This Idempotency-Key was used for another request; use a new key for a new request.',
  },
  internal_error: {
    status: 500,
    title: 'Something went wrong',
    detail: 'The server could not answer this request; the fault was logged under the id in instance.',
  },
  invalid_credentials: {
    status: 401,
    title: 'The credentials are not valid',
    detail: 'The e-mail address or the password is wrong.',
  },
  invalid_refresh_token: {
    status: 401,
    title: 'The refresh token is not valid',
    detail: 'The refresh token is unknown, expired or was used before; sign in again.',
  },
  invalid_token: {
    status: 401,
    title: 'The access token is not valid',
    detail: 'The access token expired, was revoked or is not one of this service; refresh it or sign in again.',
  },
  last_admin: {
    status: 409,
    title: 'The last administrator must stay',
    detail: 'Make another user an active admin first.',
  },
  malformed_request: {
    status: 400,
    title: 'The request cannot be read',
    detail: 'The request is not well-formed HTTP and JSON.',
  },
  method_not_allowed: {
    status: 405,
    title: 'The method is not allowed',
    detail: 'This path has other methods; see Allow.',
  },
  not_found: {
    status: 404,
    title: 'There is nothing here',
    detail: 'The contract has no such path; it stands at /openapi.json.',
  },
  not_ready: {
    status: 503,
    title: 'The server is not ready',
    detail: 'The server cannot answer requests now.',
  },
  precondition_failed: {
    status: 412,
    title: 'The user was changed meanwhile',
    detail: 'The user has another ETag by now; read it again and repeat the change.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    detail: 'A limit is used up; see Retry-After.',
  },
  service_unavailable: {
    status: 503,
    title: 'The service is not available',
    detail: 'The service cannot answer right now; see Retry-After.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'The media type is not supported',
    detail: 'Send the body as application/json in UTF-8.',
  },
  validation_failed: {
    status: 400,
    title: 'The request is not valid',
    detail: 'The request breaks a rule of the contract; see errors.',
  },
};

/** Whether a text is one of the contract's codes. */
export function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(kinds, text);
}

/** Answers every path that nothing else answered. */
export const answerNotFound: RequestHandler = () => {
  throw new ServiceError('not_found');
};

/** What a person is told of an error. */
export function describeDetail(error: ServiceError): string {
  return error.detail ?? kinds[error.code].detail;
}

/** Makes the problem document of an error (RFC 9457). */
export function describeProblem(error: ServiceError, request: { id: string }, publicUrl: string): Problem {
  const { status, title } = kinds[error.code];
  return {
    type: `${publicUrl}/problems/${error.code}`,
    title,
    status,
    detail: describeDetail(error),
    instance: `urn:latchkey:request:${request.id}`,
    code: error.code,
    ...(error.violations && { errors: error.violations }),
  };
}

/** The only place that answers with an error. What was not thrown on purpose is a 500 that says nothing of its cause. */
export function createProblemHandler(publicUrl: string, log: Log, faults?: Faults): ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => {
    const error = toServiceError(thrown);
    const { status } = kinds[error.code];
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
    send(request, response, describeProblem(error, request, publicUrl), error.retryAfterSeconds);
  };
}

function send(request: Request, response: Response, problem: Problem, retryAfterSeconds: number | undefined): void {
  request.problemCode = problem.code;
  const body = Buffer.from(JSON.stringify(problem));
  response.status(problem.status);
  if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(retryAfterSeconds));
  if (problem.status === 401) response.setHeader('WWW-Authenticate', challenge(problem.code));
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
  response.setHeader('Content-Length', body.length);
  response.end(request.method === 'HEAD' ? undefined : body);
}

// RFC 6750, section 3: an error is named only to those who sent a token.
function challenge(code: ProblemCode): string {
  return `Bearer realm="latchkey"${code === 'invalid_token' ? ', error="invalid_token"' : ''}`;
}

function toServiceError(thrown: unknown): ServiceError {
  const error = translateDatabaseError(thrown);
  if (error instanceof ServiceError) return error;
  if (error instanceof URIError)
    return new ServiceError('malformed_request', { detail: 'The path or the query cannot be decoded.' });
  return new ServiceError('internal_error', { cause: error });
}
