import type { Express, NextFunction, Request, RequestHandler, Response } from 'express';
import * as OpenApiValidator from 'express-openapi-validator';
import { ServiceError } from '../errors.ts';
import { isEmailAddress } from '../identity/email-address.ts';
import { isUuid } from '../identity/ids.ts';
import { violation, type ViolationRule } from '../violations.ts';
import { createBrokenRules, type BrokenRule, type BrokenRules } from './broken-rules.ts';
import type { OperationId } from './operation.ts';
import { createReading } from './reading.ts';
import { basePath, operations } from '../../generated/operations.ts';

type ApiDocument = Exclude<Parameters<typeof OpenApiValidator.middleware>[0]['apiSpec'], string>;
type Paths = Record<string, PathItem>;
type PathItem = Record<string, Operation>; // and, perhaps, `parameters` of all its operations
interface Operation {
  readonly operationId?: string;
  readonly parameters?: unknown[];
  readonly requestBody?: unknown;
  responses?: unknown;
}
type Components = Record<string, Record<string, unknown>>;
interface RequestDocument {
  readonly servers: unknown[];
  readonly paths: Paths;
  readonly components: Components & { parameters: Record<string, { in: string; allowReserved?: boolean }> };
}

/**
 * Makes the check of each operation's requests against the contract: parameters, headers and body. Parameters come out converted to
 * their types, and what can be spelt in several ways in its one spelling. Throws at start when the contract can't be compiled, so that no request meets that.
 */
export async function createValidation(
  app: Express,
  contract: { paths: unknown },
): Promise<(id: OperationId) => RequestHandler[]> {
  const checks = new Map<OperationId, RequestHandler[]>();
  const document = documentForRequests(contract);
  for (const id of takeOutWhatTakesNothing(document)) checks.set(id, [refuseQuery]);
  for (const part of partsOf(document)) await compilePart(app, part, contract, checks);
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
  const readings = readingsOf(part);
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
  for (const [id, read] of readings) {
    const rules = createBrokenRules(contract, id);
    const checkRules = checkAs(await compile(app, chain, id), check, rules);
    checks.set(id, [...read, refuseBrackets, checkRules, checkWellFormed(rules)]);
  }
}

// Before the validator changes the document to its own ends.
function readingsOf(part: RequestDocument): Map<OperationId, RequestHandler[]> {
  const readings = new Map<OperationId, RequestHandler[]>();
  for (const item of Object.values(part.paths)) {
    const { parameters: shared = [] } = item as { parameters?: unknown[] };
    for (const { operationId: id, parameters = [], requestBody } of Object.values(item)) {
      const input = { parameters: [...shared, ...parameters], requestBody };
      if (isOperationId(id)) readings.set(id, createReading(part, input));
    }
  }
  return readings;
}

const isOperationId = (id: string | undefined): id is OperationId => id !== undefined && id in operations;

// What has no parameters and no body needs no compiled check.
function takeOutWhatTakesNothing({ paths }: RequestDocument): OperationId[] {
  const takenOut: OperationId[] = [];
  for (const [path, item] of Object.entries(paths)) {
    const kept = Object.entries(item).filter(([, { operationId: id, parameters, requestBody }]) => {
      const takes = !isOperationId(id) || 'parameters' in item || parameters !== undefined || requestBody !== undefined;
      if (!takes) takenOut.push(id);
      return takes;
    });
    paths[path] = Object.fromEntries(kept);
  }
  return takenOut;
}

const pathsInPart = 30;

// To compile an operation, the validator walks through its whole document: in parts, the start takes as long as the contract is, and
// not as its square.
function* partsOf(document: RequestDocument): Generator<RequestDocument> {
  const paths = Object.entries(document.paths).filter(([, item]) => Object.keys(item).length > 0);
  for (let start = 0; start < paths.length; start += pathsInPart) {
    yield { ...document, paths: Object.fromEntries(paths.slice(start, start + pathsInPart)) };
  }
}

// Responses are checked in tests; without them the validator starts in a fraction of the time. It would also refuse `search=o'neil` and
// `search=ada+king`, which is how browsers and forms encode them, unless a parameter allows reserved characters.
function documentForRequests(contract: { paths: unknown }): RequestDocument {
  const document = structuredClone(contract) as RequestDocument;
  // The others are templates for readers; this server is the first.
  document.servers.splice(1);
  for (const item of Object.values(document.paths)) {
    for (const operation of Object.values(item)) delete operation.responses;
  }
  for (const parameter of Object.values(document.components.parameters)) {
    if (parameter.in === 'query') parameter.allowReserved = true;
  }
  dropUnused(document);
  return document;
}

// The validator walks through all components for each operation; what only responses refer to is three quarters of them.
function dropUnused({ paths, components }: { paths: Paths; components: Components }): void {
  const used = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, part] of Object.entries(value)) {
      if (key !== '$ref') visit(part);
      else if (!used.has(part as string)) {
        used.add(part as string);
        const [, , kind = '', name = ''] = (part as string).split('/');
        visit(components[kind]?.[name]);
      }
    }
  };
  visit(paths);
  for (const [kind, named] of Object.entries(components)) {
    if (kind === 'securitySchemes') continue;
    const kept = Object.entries(named).filter(([name]) => used.has(`#/components/${kind}/${name}`));
    components[kind] = Object.fromEntries(kept);
  }
}

/** What the validator found out of a request: its operation. */
interface FoundOperation {
  readonly pathParams: Record<string, string>;
}

// The validator compiles an operation when it first meets it: a request made up here is that first one.
async function compile(app: Express, chain: readonly RequestHandler[], id: OperationId): Promise<FoundOperation> {
  const { method, path, hasBody } = operations[id];
  const url = basePath + path.replaceAll(/\{\w+\}/g, 'x');
  const request = {
    app,
    method: method.toUpperCase(),
    path: url,
    url,
    originalUrl: url,
    baseUrl: '',
    headers: hasBody ? { 'content-type': 'application/json' } : {},
    query: {},
    params: {},
  } as unknown as Request & { openapi?: FoundOperation };
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
      throw new Error(`the contract's ${id} can not be compiled`, { cause: error });
    }
  }
  if (!request.openapi) throw new Error(`the validator does not find ${id}`);
  return request.openapi;
}

// The router has found the operation already; the validator would try all paths again, with regular expressions made anew.
function checkAs(found: FoundOperation, check: RequestHandler, { describeAll }: BrokenRules): RequestHandler {
  return (request, response, next: NextFunction) => {
    const { method } = request;
    Object.assign(request, { openapi: { ...found, pathParams: request.params } });
    // The validator would compile HEAD by itself, though it checks what GET does.
    if (method === 'HEAD') request.method = 'GET';
    check(request, response, (error?: unknown) => {
      request.method = method;
      if (!(error instanceof OpenApiValidator.error.BadRequest)) return next(error);
      const { params: path, query, headers } = request;
      const { errors } = error as unknown as { errors: readonly BrokenRule[] };
      const violations = describeAll(errors, { path, query, headers, body: request.body as unknown });
      next(new ServiceError('validation_failed', { violations, cause: error }));
    });
  };
}

/** All that can be wrong with a request of an operation that takes nothing. */
const refuseQuery: RequestHandler = (request, _response, next) => {
  const name = request.url.includes('?') ? Object.keys(request.query)[0] : undefined;
  if (name === undefined) next();
  else next(violation(['query', name], 'unknown_parameter'));
};

/** Refuses `a[b]` in the query: the validator would make an object of it, and leave out what it makes nothing of. */
const refuseBrackets: RequestHandler = (request, _response, next) => {
  const name = Object.keys(request.query).find((key) => key.includes('['));
  if (name === undefined) next();
  else next(violation(['query', name], 'unknown_parameter'));
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
