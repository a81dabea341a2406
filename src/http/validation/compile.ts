import type { Express, NextFunction, Request, RequestHandler, Response } from 'express';
import * as OpenApiValidator from 'express-openapi-validator';
import { operations } from '../../../generated/operations.ts';
import { isDateTime } from '../../platform/formats/date-time.ts';
import { isEmailAddress } from '../../platform/formats/email-address.ts';
import { isUuid } from '../../platform/formats/uuid.ts';
import type { OperationId } from '../operation.ts';
import { operationsOf, partsOf, requestDocument, type OpenApiDocument, type RequestDocument } from './document.ts';

type ApiDocument = Exclude<Parameters<typeof OpenApiValidator.middleware>[0]['apiSpec'], string>;

/** The operation that the validator found for a request. */
interface FoundOperation {
  readonly pathParams: Record<string, string>;
}

/**
 * Compiles the check of each operation that takes something. A check calls `next` with the validator's `BadRequest` when a request
 * breaks the contract. Throws when the contract can't be compiled.
 */
export async function compileChecks(
  app: Express,
  contract: OpenApiDocument,
): Promise<ReadonlyMap<OperationId, RequestHandler>> {
  const checks = new Map<OperationId, RequestHandler>();
  for (const part of partsOf(requestDocument(contract))) {
    const ids = Array.from(operationsOf(part), ({ id }) => id);
    const chain = middlewareOf(part);
    const check = chain.at(-1);
    if (!check) throw new Error('the validator has no middleware');
    for (const id of ids) checks.set(id, skipRouting(await compile(app, chain, id), check));
  }
  return checks;
}

function middlewareOf(document: RequestDocument): RequestHandler[] {
  return OpenApiValidator.middleware({
    apiSpec: document as unknown as ApiDocument,
    validateApiSpec: false, // it was linted at build time, and a compilation error stops the start
    validateRequests: { allErrors: true, coerceTypes: false },
    validateResponses: false,
    validateSecurity: false,
    fileUploader: false,
    ajvFormats: { mode: 'fast' },
    formats: {
      'idn-email': { type: 'string', validate: isEmailAddress },
      'date-time': { type: 'string', validate: isDateTime },
      uuid: { type: 'string', validate: isUuid },
    },
  });
}

// The validator compiles an operation at its first request, so it gets an empty one here.
async function compile(app: Express, chain: readonly RequestHandler[], id: OperationId): Promise<FoundOperation> {
  const request = emptyRequest(app, id) as Request & { openapi?: FoundOperation };
  const response = Object.create(app.response) as Response;
  try {
    for (const step of chain) {
      await new Promise<void>((resolve, reject) => {
        const next: NextFunction = (error?: unknown) => (error instanceof Error ? reject(error) : resolve());
        void Promise.resolve(step(request, response, next)).catch(reject);
      });
    }
  } catch (error) {
    if (!(error instanceof OpenApiValidator.error.BadRequest)) {
      throw new Error(`the contract's ${id} cannot be compiled`, { cause: error });
    }
  }
  if (!request.openapi) throw new Error(`the validator does not find ${id}`);
  return request.openapi;
}

// The router has found the operation already; the validator would try all paths again, with new regular expressions.
function skipRouting(found: FoundOperation, check: RequestHandler): RequestHandler {
  return (request, response, next: NextFunction) => {
    const { method } = request;
    Object.assign(request, { openapi: { ...found, pathParams: request.params } });
    // The validator would compile HEAD separately, although it checks the same as GET.
    if (method === 'HEAD') request.method = 'GET';
    check(request, response, (error?: unknown) => {
      request.method = method;
      next(error);
    });
  };
}

/** An empty request of an operation, which no client sent. */
export function emptyRequest(app: Express, id: OperationId): Request {
  const { method, fullPath, hasBody } = operations[id];
  const url = fullPath.replaceAll(/\{\w+\}/g, 'x');
  return {
    app,
    method: method.toUpperCase(),
    path: url,
    url,
    originalUrl: url,
    baseUrl: '',
    headers: hasBody ? { 'content-type': 'application/json' } : {},
    query: {},
    params: {},
  } as unknown as Request;
}
