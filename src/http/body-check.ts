import express, { type Response } from 'express';
import type { Contract } from '../platform/contract.ts';
import { operations } from '../../generated/operations.ts';
import type { OperationId, OperationRequest } from './operation.ts';
import { createValidation } from './validation/check.ts';
import { emptyRequest } from './validation/compile.ts';

/**
 * Creates a check of an operation's body for commands, which have no request, by the same rules as the API. The check returns the
 * normalised body, or throws `validation_failed`.
 */
export async function createBodyCheck<Id extends OperationId>(
  contract: Contract,
  id: Id,
): Promise<(body: OperationRequest<Id>['body']) => Promise<OperationRequest<Id>['body']>> {
  const { path } = operations[id];
  const app = express();
  const steps = (await createValidation(app, { ...contract, paths: { [path]: contract.paths[path] } }))(id);
  return async (body) => {
    const request = Object.assign(emptyRequest(app, id), { body });
    for (const step of steps) {
      await new Promise<void>((resolve, reject) => {
        void step(request, Object.create(app.response) as Response, (error?: unknown) =>
          error instanceof Error ? reject(error) : resolve(),
        );
      });
    }
    return request.body as OperationRequest<Id>['body'];
  };
}
