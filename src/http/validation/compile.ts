import type { Request, Response } from 'express';
import { BadRequest, type OpenApiRequest } from 'express-openapi-validator/dist/framework/types.js';
import { RequestValidator } from 'express-openapi-validator/dist/middlewares/openapi.request.validator.js';
import { isDateTime } from '../../platform/formats/date-time.ts';
import { isEmailAddress } from '../../platform/formats/email-address.ts';
import { isUuid } from '../../platform/formats/uuid.ts';
import type { OperationId } from '../operation.ts';
import { requestDocument, type OpenApiDocument, type RequestOperation, type RequestSchemas } from './document.ts';

/** The parts of a request that are checked. */
export type CheckedRequest = Pick<Request, 'originalUrl' | 'params' | 'query' | 'headers' | 'body'>;

/**
 * Checks a request against the contract, fills in defaults, and converts parameters to their types. Returns the validator's error if it
 * breaks a rule.
 */
export type Check = (request: CheckedRequest) => BadRequest | undefined;

/** The check of an operation, compiled at its first request unless that was done before. */
export interface CompiledCheck {
  readonly check: Check;
  /** Throws if the contract can't be compiled. */
  readonly compile: () => void;
}

/** The checks of the operations that take something. */
export function createChecks(contract: OpenApiDocument): ReadonlyMap<OperationId, CompiledCheck> {
  const { operations, ...schemas } = requestDocument(contract);
  const validator = createValidator(schemas);
  return new Map(operations.map((operation) => [operation.id, createCheck(validator, operation)]));
}

function createValidator(schemas: RequestSchemas): RequestValidator {
  return new RequestValidator(schemas as ConstructorParameters<typeof RequestValidator>[0], {
    allErrors: true,
    coerceTypes: false, // parameters are converted all the same
    useDefaults: true,
    strict: false,
    validateSchema: false, // it was linted at build time, and a compilation error stops the process
    // Optimizing the generated code takes a quarter of compiling it, and makes no request faster.
    code: { optimize: false },
    ajvFormats: { mode: 'fast' },
    formats: {
      'idn-email': { type: 'string', validate: isEmailAddress },
      'date-time': { type: 'string', validate: isDateTime },
      uuid: { type: 'string', validate: isUuid },
    },
  });
}

function createCheck(validator: RequestValidator, { id, ...schema }: RequestOperation): CompiledCheck {
  const check: Check = ({ originalUrl, params, query, headers, body }) => {
    const openapi = { expressRoute: id, schema, pathParams: params };
    // A request of the validator's own, since it would replace properties of the real one, and compile HEAD separately.
    const request = {
      method: 'GET',
      path: originalUrl,
      originalUrl,
      params,
      query,
      headers,
      body: body as unknown,
      openapi,
    };
    try {
      void validator.validate(request as unknown as OpenApiRequest, noResponse, () => {});
      return undefined;
    } catch (error) {
      if (error instanceof BadRequest) return error;
      throw error;
    }
  };
  const headers = schema.requestBody ? { 'content-type': 'application/json' } : {};
  return {
    check,
    // The validator compiles at the first request that it gets, so it gets an empty one.
    compile() {
      try {
        check({ originalUrl: '/', params: {}, query: {}, headers, body: undefined });
      } catch (error) {
        throw new Error(`the contract's ${id} cannot be compiled`, { cause: error });
      }
    },
  };
}

const noResponse = undefined as unknown as Response;
