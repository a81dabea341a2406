import type { Request, Response } from 'express';
import type { Contract } from '../platform/contract.ts';
import { operations } from '../../generated/operations.ts';
import type { OperationId, OperationRequest } from './operation.ts';
import { createValidation } from './validation/check.ts';

/**
 * Creates a check of an operation's body for commands, which have no request, by the same rules as the API. The check returns the
 * normalised body, or throws `validation_failed`.
 */
export function createBodyCheck<Id extends OperationId>(
  contract: Contract,
  id: Id,
): (body: OperationRequest<Id>['body']) => OperationRequest<Id>['body'] {
  const { path } = operations[id];
  const { stepsOf } = createValidation({ ...contract, paths: { [path]: contract.paths[path] } });
  const steps = stepsOf(id);
  const request = {
    url: path,
    originalUrl: path,
    params: {},
    query: {},
    headers: { 'content-type': 'application/json' },
  };
  return (body) => {
    const made = { ...request, body };
    for (const step of steps) {
      void step(made as unknown as Request, noResponse, (error?: unknown) => {
        if (error instanceof Error) throw error;
      });
    }
    return made.body;
  };
}

const noResponse = undefined as unknown as Response;
