import { Router, type RequestHandler } from 'express';
import { operations } from '../../generated/operations.ts';
import { ServiceError } from '../platform/errors.ts';
import { readBody } from './body.ts';
import type { Operation, OperationId } from './operation.ts';
import type { RateLimitPolicy } from './rate-limit.ts';

/** The middleware that a request passes through. */
export interface RouterParts {
  readonly rateLimits: Record<RateLimitPolicy, RequestHandler>;
  readonly refuseForeignPages: RequestHandler;
  readonly authorize: (operation: Operation) => RequestHandler[];
  readonly assure: (operation: Operation) => RequestHandler[];
  readonly validate: (id: OperationId) => RequestHandler[];
  readonly answer: (id: OperationId) => RequestHandler;
}

/** Mounts every operation of the contract, and nothing else. Paths are absolute: a nested router would parse each URL again. */
export function createRouter(parts: RouterParts): Router {
  const { rateLimits, refuseForeignPages, authorize, assure, validate, answer } = parts;
  const router = Router({ caseSensitive: true, strict: true });
  const paths = new Map<string, OperationId[]>();
  for (const id of Object.keys(operations) as OperationId[]) {
    paths.set(routeOf(id), [...(paths.get(routeOf(id)) ?? []), id]);
  }
  for (const [path, ids] of paths) {
    const route = router.route(path);
    for (const id of ids) {
      const operation = operations[id];
      route[operation.method](
        name(id),
        ...(operation.rateLimit === 'none' ? [] : [rateLimits.standard]),
        ...(operation.takesSessionTransport ? [refuseForeignPages] : []),
        // Before the body, which is read only from authorized senders.
        ...authorize(operation),
        ...readBody(operation),
        ...validate(id),
        ...assure(operation),
        ...(operation.rateLimit === 'credentials' ? [rateLimits.credentials] : []),
        answer(id),
      );
    }
    route.all(rateLimits.standard, refuseMethod(ids.map((id) => operations[id].method)));
  }
  return router;
}

function routeOf(id: OperationId): string {
  return operations[id].fullPath.replaceAll(/\{(\w+)\}/g, ':$1');
}

function name(id: OperationId): RequestHandler {
  return (request, _response, next) => {
    request.operationId = id;
    next();
  };
}

/** Refuses a method that a path does not have. A path with GET has HEAD too: Express routes it there. */
export function refuseMethod(methods: readonly string[]): RequestHandler {
  const all = methods.includes('get') ? [...methods, 'head'] : methods;
  const allowed = all.map((method) => method.toUpperCase()).sort();
  return (_request, response) => {
    response.setHeader('Allow', allowed.join(', '));
    throw new ServiceError('method_not_allowed');
  };
}
