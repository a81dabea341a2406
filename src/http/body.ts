import { isUtf8 } from 'node:buffer';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { ServiceError } from '../errors.ts';

/** The largest body that is read, in bytes. */
export const maximumBodyBytes = 100 * 1024;

const json = /^application\/json *(?:; *charset="?utf-8"? *)?$/i;

/**
 * Reads the JSON body of an operation that has one. The request goes on with exactly one media type or none: the validator
 * compiles, and keeps, a validator for each spelling of `Content-Type` that it meets.
 */
export function readBody(hasBody: boolean): (RequestHandler | ErrorRequestHandler)[] {
  if (!hasBody) return [forgetMediaType];
  const checkMediaType: RequestHandler = (request, _response, next) => {
    if (!json.test(request.headers['content-type'] ?? '')) throw new ServiceError('unsupported_media_type');
    request.headers['content-type'] = 'application/json';
    next();
  };
  const parse = express.json({
    limit: maximumBodyBytes,
    verify: (_request, _response, bytes) => {
      if (!isUtf8(bytes)) throw new ServiceError('malformed_request', { detail: 'The body is not valid UTF-8.' });
    },
  });
  return [checkMediaType, parse, translateParseError];
}

const forgetMediaType: RequestHandler = (request, _response, next) => {
  delete request.headers['content-type'];
  next();
};

const translateParseError: ErrorRequestHandler = (error: unknown, _request, _response, next) => {
  next(isParseError(error) ? toServiceError(error) : error);
};

/** What the body parser throws has a status of its own; what zlib makes of a broken encoding has nothing else. */
function isParseError(error: unknown): error is Error & { status: number; type?: string } {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status < 500;
}

function toServiceError(cause: Error & { type?: string }): ServiceError {
  switch (cause.type) {
    case 'entity.too.large':
      return new ServiceError('content_too_large', { cause });
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new ServiceError('unsupported_media_type', { cause });
    case 'entity.parse.failed':
      return new ServiceError('malformed_request', { detail: 'The body is not valid JSON.', cause });
    case 'entity.verify.failed':
      return cause instanceof ServiceError ? cause : new ServiceError('malformed_request', { cause });
    default:
      return new ServiceError('malformed_request', { detail: 'The body could not be read.', cause });
  }
}
