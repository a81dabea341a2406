import { isUtf8 } from 'node:buffer';
import { MIMEType } from 'node:util';
import express, { type ErrorRequestHandler, type NextFunction, type Request, type RequestHandler } from 'express';
import { ServiceError } from '../platform/errors.ts';
import { violation } from '../platform/violations.ts';
import type { Bytes, Operation } from './operation.ts';

/** The largest JSON body that is read, in bytes. */
export const maximumBodyBytes = 100 * 1024;

type Reading = (RequestHandler | ErrorRequestHandler)[];

/**
 * Reads the body of an operation that has one, and normalises the media type: the validator compiles and keeps a validator for each
 * spelling of `Content-Type` that it meets.
 */
export function readBody({ hasBody, binaryBody }: Pick<Operation, 'hasBody' | 'binaryBody'>): Reading {
  if (binaryBody) return readBytes(binaryBody);
  return hasBody ? readJson() : [forgetMediaType];
}

function readJson(): Reading {
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
  // A request without a length has no body at all, where one of length 0 has an empty object.
  const takeNoneAsEmpty: RequestHandler = (request, _response, next) => {
    if (request.body === undefined) request.body = {};
    next();
  };
  return [checkHeaders, bounded(parse, maximumBodyBytes), takeNoneAsEmpty, translateParseError];
}

/** Reads a body of bytes, of one of these media types, as `Bytes`. It can't be compressed, so that its length is bounded by what is sent. */
function readBytes({ mediaTypes, maximumBytes }: NonNullable<Operation['binaryBody']>): Reading {
  const others = `${mediaTypes.slice(0, -1).join(', ')} or ${mediaTypes.at(-1) ?? ''}`;
  const tooLarge = () =>
    new ServiceError('content_too_large', { detail: `A body may have at most ${maximumBytes} bytes.` });
  const checkHeaders: RequestHandler = (request, response, next) => {
    const { 'content-type': type = '', 'content-length': length, 'content-encoding': coding, expect } = request.headers;
    const mediaType = mediaTypes.find((one) => one === essenceOf(type));
    if (mediaType === undefined || (coding ?? 'identity') !== 'identity') {
      throw new ServiceError('unsupported_media_type', { detail: `Send the body as ${others}.` });
    }
    request.headers['content-type'] = mediaType;
    if (Number(length ?? 0) > maximumBytes) throw tooLarge();
    if (expect !== undefined && request.httpVersion === '1.1') response.writeContinue();
    next();
  };
  const parse = express.raw({ limit: maximumBytes, type: () => true, inflate: false });
  const name: RequestHandler = (request, _response, next) => {
    const bytes = request.body as Buffer | undefined;
    if (bytes === undefined || bytes.length === 0) throw violation(['body'], 'required');
    request.body = { mediaType: request.headers['content-type'] ?? '', bytes } satisfies Bytes;
    next();
  };
  return [checkHeaders, bounded(parse, maximumBytes, tooLarge), name, translateParseError];
}

function essenceOf(mediaType: string): string | undefined {
  // Only a malicious header is longer.
  if (mediaType.length > 1000) return undefined;
  try {
    return new MIMEType(mediaType).essence;
  } catch {
    return undefined;
  }
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

function bounded(parse: RequestHandler, maximum: number, tooLarge = () => new ServiceError('content_too_large')) {
  const read: RequestHandler = (request, response, next) => {
    if (request.headers['transfer-encoding'] === undefined) return parse(request, response, next);
    return parse(request, response, refuseBeyondBound(request, next, { maximum, tooLarge }));
  };
  return read;
}

interface Bound {
  readonly maximum: number;
  readonly tooLarge: () => ServiceError;
}

// The parser would read all chunks before it reports that they are too large.
function refuseBeyondBound(request: Request, next: NextFunction, { maximum, tooLarge }: Bound): NextFunction {
  let received = 0;
  let isRefused = false;
  request.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (isRefused || received <= maximum) return;
    isRefused = true;
    next(tooLarge());
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
