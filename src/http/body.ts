import { isUtf8 } from 'node:buffer';
import { MIMEType } from 'node:util';
import express, { type ErrorRequestHandler, type NextFunction, type Request, type RequestHandler } from 'express';
import { ServiceError } from '../platform/errors.ts';

/** The largest body that is read, in bytes. */
export const maximumBodyBytes = 100 * 1024;

/**
 * Reads the JSON body of an operation that has one, and normalises the media type: the validator compiles and keeps a validator for
 * each spelling of `Content-Type` that it meets.
 */
export function readBody(hasBody: boolean): (RequestHandler | ErrorRequestHandler)[] {
  if (!hasBody) return [forgetMediaType];
  const checkHeaders: RequestHandler = (request, response, next) => {
    const { 'content-type': type = '', 'content-length': length, expect } = request.headers;
    if (!isJson(type)) throw new ServiceError('unsupported_media_type');
    request.headers['content-type'] = 'application/json';
    if (Number(length ?? 0) > maximumBodyBytes) throw new ServiceError('content_too_large');
    if (expect !== undefined && request.httpVersion === '1.1') response.writeContinue();
    next();
  };
  const parse: RequestHandler = express.json({
    limit: maximumBodyBytes,
    // JSON that is not an object is refused by the contract.
    strict: false,
    verify: (_request, _response, bytes) => {
      if (!isUtf8(bytes)) throw new ServiceError('malformed_request', { detail: 'The body is not valid UTF-8.' });
    },
  });
  const read: RequestHandler = (request, response, next) => {
    if (request.headers['transfer-encoding'] === undefined) parse(request, response, next);
    else parse(request, response, refuseBeyondBound(request, next));
  };
  return [checkHeaders, read, translateParseError];
}

/** Whether a media type is JSON in UTF-8, whatever other parameters it has (RFC 9110, section 8.3.1). */
export function isJson(mediaType: string): boolean {
  if (mediaType === 'application/json') return true;
  // Only a malicious header is longer.
  if (mediaType.length > 1000) return false;
  try {
    const { essence, params } = new MIMEType(mediaType);
    return essence === 'application/json' && /^utf-?8$/i.test(params.get('charset') ?? 'utf-8');
  } catch {
    return false;
  }
}

// The parser would read all chunks before it reports that they are too large.
function refuseBeyondBound(request: Request, next: NextFunction): NextFunction {
  let received = 0;
  let isRefused = false;
  request.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (isRefused || received <= maximumBodyBytes) return;
    isRefused = true;
    next(new ServiceError('content_too_large'));
  });
  return (error?: unknown) => {
    if (!isRefused) next(error);
  };
}

const forgetMediaType: RequestHandler = (request, _response, next) => {
  delete request.headers['content-type'];
  next();
};

const translateParseError: ErrorRequestHandler = (error: unknown, _request, _response, next) => {
  next(isParseError(error) ? toServiceError(error) : error);
};

/** Errors of the body parser have a status; zlib's, for a broken encoding, have nothing else. */
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
