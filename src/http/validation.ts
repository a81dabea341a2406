import type { Express, NextFunction, Request, RequestHandler, Response } from 'express';
import * as OpenApiValidator from 'express-openapi-validator';
import { ServiceError, type Violation } from '../platform/errors.ts';
import { isEmailAddress } from '../platform/formats/email-address.ts';
import { isUuid } from '../platform/formats/uuid.ts';
import { describeViolation, type ViolationRule } from '../platform/violations.ts';
import { createBrokenRules, mostViolations, type BrokenRule, type BrokenRules } from './broken-rules.ts';
import type { OperationId } from './operation.ts';
import { createReading } from './reading.ts';
import {
  checkLengthFirst,
  documentForRequests,
  operationsOf,
  partsOf,
  takeOutWhatTakesNothing,
  type RequestDocument,
} from './request-document.ts';
import { basePath, operations } from '../../generated/operations.ts';

type ApiDocument = Exclude<Parameters<typeof OpenApiValidator.middleware>[0]['apiSpec'], string>;

/**
 * Makes the check of each operation's requests against the contract: parameters, headers and body. Parameters come out converted to
 * their types, and what can be spelt in several ways in its one spelling. Throws at start when the contract can't be compiled, so that
 * no request meets that.
 */
export async function createValidation(
  app: Express,
  contract: { paths: unknown },
): Promise<(id: OperationId) => RequestHandler[]> {
  const checks = new Map<OperationId, RequestHandler[]>();
  const document = documentForRequests(contract);
  for (const id of takeOutWhatTakesNothing(document)) checks.set(id, [refuseQuery]);
  const readings = Array.from(
    operationsOf(document),
    (input) => [input.operationId, createReading(document, input)] as const,
  );
  checkLengthFirst(document);
  for (const part of partsOf(document)) await compilePart(app, part, contract, checks);
  for (const [id, read] of readings) checks.set(id, [...read, ...(checks.get(id) ?? [])]);
  return (id) => {
    const check = checks.get(id);
    if (!check) throw new Error(`the contract has no ${id}`);
    return check;
  };
}

async function compilePart(
  app: Express,
  part: RequestDocument,
  contract: { paths: unknown },
  checks: Map<OperationId, RequestHandler[]>,
) {
  const ids = Array.from(operationsOf(part), ({ operationId }) => operationId);
  const chain = OpenApiValidator.middleware({
    apiSpec: part as unknown as ApiDocument,
    validateApiSpec: false, // it was linted when it was made, and what can't be compiled stops the start
    validateRequests: { allErrors: true, coerceTypes: false },
    validateResponses: false,
    validateSecurity: false,
    fileUploader: false,
    ajvFormats: { mode: 'fast' },
    formats: {
      'idn-email': { type: 'string', validate: isEmailAddress },
      uuid: { type: 'string', validate: isUuid },
    },
  });
  const check = chain.at(-1);
  if (!check) throw new Error('the validator has no middleware');
  for (const id of ids) {
    const rules = createBrokenRules(contract, id);
    const checkRules = checkAs(await compile(app, chain, id), check, rules);
    checks.set(id, [checkRules, checkWellFormed(rules)]);
  }
}

/** What the validator found out of a request: its operation. */
interface FoundOperation {
  readonly pathParams: Record<string, string>;
}

// The validator compiles an operation when it first meets it: a request made up here is that first one.
async function compile(app: Express, chain: readonly RequestHandler[], id: OperationId): Promise<FoundOperation> {
  const request = requestOf(app, id) as Request & { openapi?: FoundOperation };
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

/** A request of an operation that nobody sent, with nothing in it. */
export function requestOf(app: Express, id: OperationId): Request {
  const { method, path, hasBody } = operations[id];
  const url = basePath + path.replaceAll(/\{\w+\}/g, 'x');
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

// The router has found the operation already; the validator would try all paths again, with regular expressions made anew.
function checkAs(found: FoundOperation, check: RequestHandler, rules: BrokenRules): RequestHandler {
  return (request, response, next: NextFunction) => {
    const { method } = request;
    Object.assign(request, { openapi: { ...found, pathParams: request.params } });
    const before = takeOutBrokenNames(request, rules);
    // The validator would compile HEAD by itself, though it checks what GET does.
    if (method === 'HEAD') request.method = 'GET';
    check(request, response, (error?: unknown) => {
      request.method = method;
      if (error === undefined && before.length === 0) return next();
      if (error !== undefined && !(error instanceof OpenApiValidator.error.BadRequest)) return next(error);
      const { params: path, query, headers } = request;
      const { errors = [] } = (error ?? {}) as { errors?: readonly BrokenRule[] };
      // What stands under an `if` says the mistake; that of the `if` itself says only that there is one.
      const mistakes = errors.filter(({ errorCode }) => errorCode !== 'if.openapi.validation');
      const parts = { path, query, headers, body: request.body as unknown };
      const violations = rules.describeAll(mistakes, parts, before);
      next(new ServiceError('validation_failed', { violations, cause: error }));
    });
  };
}

/**
 * Takes the parameters out of the query that the operation does not have, and those without a value. At the first of them the validator
 * would tell of nothing else; and it would make an object of `a[b]`.
 */
function takeOutBrokenNames(request: Request, { describe, ruleOfName }: BrokenRules): Violation[] {
  if (!request.url.includes('?')) return [];
  const kept: Request['query'] = {};
  const violations: Violation[] = [];
  for (const [name, value] of Object.entries(request.query)) {
    const rule = ruleOfName(name, value);
    if (rule) violations.push(describe(['query', name], rule));
    else kept[name] = value;
  }
  if (violations.length > 0) Object.defineProperty(request, 'query', { value: kept, configurable: true });
  return violations;
}

/** All that can be wrong with a request of an operation that takes nothing. */
const refuseQuery: RequestHandler = (request, _response, next) => {
  const names = request.url.includes('?') ? Object.keys(request.query).slice(0, mostViolations) : [];
  if (names.length === 0) return next();
  const violations = names.map((name) => describeViolation(['query', name], 'unknown_parameter'));
  next(new ServiceError('validation_failed', { violations }));
};

/**
 * Refuses NUL, which PostgreSQL can't store, halves of surrogate pairs, which UTF-8 can't say, and numbers so long that they were
 * read as infinity, for which the validator checks no bound.
 */
function checkWellFormed({ describe }: BrokenRules): RequestHandler {
  return (request, _response, next) => {
    for (const part of ['query', 'body'] as const) {
      const broken = findBroken(request[part]);
      if (broken)
        throw new ServiceError('validation_failed', { violations: [describe([part, ...broken.names], broken.rule)] });
    }
    next();
  };
}

function findBroken(value: unknown): { names: string[]; rule: ViolationRule } | undefined {
  if (typeof value === 'string') {
    return value.includes('\0') || !value.isWellFormed() ? { names: [], rule: 'well_formed' } : undefined;
  }
  if (typeof value === 'number') {
    return Number.isFinite(value) ? undefined : { names: [], rule: value > 0 ? 'maximum' : 'minimum' };
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, field] of Object.entries(value)) {
    const broken = findBroken(field);
    if (broken) return { ...broken, names: [name, ...broken.names] };
  }
  return undefined;
}
