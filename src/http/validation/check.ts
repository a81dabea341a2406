import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Request, RequestHandler } from 'express';
import { ServiceError, type Violation } from '../../platform/errors.ts';
import { describeViolation, type ViolationRule } from '../../platform/violations.ts';
import { operations } from '../../../generated/operations.ts';
import type { OperationId } from '../operation.ts';
import { createChecks, type Check } from './compile.ts';
import { operationsOf, type OpenApiDocument } from './document.ts';
import { createNormalization } from './normalize.ts';
import { createViolations, maxViolations, type BrokenRule, type Violations } from './violations.ts';

/** How requests are checked against the contract. */
export interface Validation {
  /** The steps that check parameters, headers and body of an operation, convert parameters to their types, and text to its normal form. */
  readonly stepsOf: (id: OperationId) => RequestHandler[];
  /** Compiles what no request has needed yet, one operation at a time, so that requests are answered meanwhile, as long as `goesOn`. */
  readonly compile: (goesOn?: () => boolean) => Promise<void>;
}

/** Creates the validation of a contract, whose compilation may wait until it serves. */
export function createValidation(contract: OpenApiDocument): Validation {
  const checks = createChecks(contract);
  const steps = new Map<OperationId, RequestHandler[]>();
  for (const operation of operationsOf(contract)) {
    const { id, parts } = operation;
    const check = checks.get(id)?.check;
    if (!check) {
      steps.set(id, [refuseQuery]);
      continue;
    }
    const violations = createViolations(contract, parts);
    steps.set(id, [
      keepQuery,
      ...createNormalization(contract, parts),
      checkContract(check, violations),
      checkWellFormed(violations, operations[id].binaryBody ? ['query'] : ['query', 'body']),
    ]);
  }
  return {
    stepsOf(id) {
      const found = steps.get(id);
      if (!found) throw new Error(`the contract has no ${id}`);
      return found;
    },
    async compile(goesOn = () => true) {
      for (const { compile } of checks.values()) {
        if (!goesOn()) return;
        compile();
        await nextTurn();
      }
    },
  };
}

/** A request of an operation that takes nothing can only be wrong in its query. */
const refuseQuery: RequestHandler = (request, _response, next) => {
  const names = request.url.includes('?') ? Object.keys(request.query).slice(0, maxViolations) : [];
  if (names.length === 0) return next();
  const violations = names.map((name) => describeViolation(['query', name], 'unknown_parameter'));
  next(new ServiceError('validation_failed', { violations }));
};

/** Express would parse the query again at each access, and lose what validation makes of it. */
const keepQuery: RequestHandler = (request, _response, next) => {
  Object.defineProperty(request, 'query', { value: request.query, writable: true, configurable: true });
  next();
};

function checkContract(check: Check, rules: Violations): RequestHandler {
  return (request, _response, next) => {
    const ofQuery = removeInvalidParameters(request, rules);
    const error = check(request);
    if (error === undefined && ofQuery.length === 0) return next();
    const { params: path, query, headers } = request;
    const { errors = [] } = (error ?? {}) as { errors?: readonly BrokenRule[] };
    const parts = { path, query, headers, body: request.body as unknown };
    const violations = rules.describeAll(errors, parts, ofQuery);
    next(new ServiceError('validation_failed', { violations, cause: error }));
  };
}

/**
 * Removes parameters that the operation does not have, or that have no value, from the query. The validator would stop at the first of
 * them, and turn `a[b]` into an object.
 */
function removeInvalidParameters(request: Request, { describe, ruleOfParameter }: Violations): Violation[] {
  if (!request.url.includes('?')) return [];
  const kept: Request['query'] = {};
  const violations: Violation[] = [];
  for (const [name, value] of Object.entries(request.query)) {
    const rule = ruleOfParameter(name, value);
    if (rule) violations.push(describe(['query', name], rule));
    else kept[name] = value;
  }
  if (violations.length > 0) request.query = kept;
  return violations;
}

/**
 * Refuses NUL, which PostgreSQL can't store, lone surrogates, which UTF-8 can't encode, and numbers so large that they were read as
 * infinity, for which the validator checks no bound.
 */
function checkWellFormed({ describe }: Violations, parts: readonly ('query' | 'body')[]): RequestHandler {
  return (request, _response, next) => {
    for (const part of parts) {
      const broken = findMalformed(request[part]);
      if (!broken) continue;
      const violations = [describe([part, ...broken.names], broken.rule)];
      return next(new ServiceError('validation_failed', { violations }));
    }
    next();
  };
}

function findMalformed(part: unknown): { names: string[]; rule: ViolationRule } | undefined {
  // No recursion, since what a standard defines may be nested as deep as a body is long.
  const left: { readonly value: unknown; readonly names: Names }[] = [{ value: part, names: undefined }];
  for (let next = left.pop(); next; next = left.pop()) {
    const { value, names } = next;
    const rule = malformation(value);
    if (rule) return { names: inOrder(names), rule };
    if (typeof value !== 'object' || value === null) continue;
    for (const [last, field] of Object.entries(value).reverse()) left.push({ value: field, names: { last, names } });
  }
  return undefined;
}

/** The names that lead to a value, from the last to the first. */
type Names = { readonly last: string; readonly names: Names } | undefined;

function inOrder(names: Names): string[] {
  const found: string[] = [];
  for (let each = names; each; each = each.names) found.push(each.last);
  return found.reverse();
}

function malformation(value: unknown): ViolationRule | undefined {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed() ? 'well_formed' : undefined;
  if (typeof value !== 'number' || Number.isFinite(value)) return undefined;
  return value > 0 ? 'maximum' : 'minimum';
}
