/** Helpers for work that should fail. */
import { ServiceError, type ProblemCode } from '../../../src/platform/errors.ts';

/** Returns what `work` throws; throws if it succeeds. */
export async function failureOf(work: () => unknown): Promise<unknown> {
  let result: unknown;
  try {
    result = await work();
  } catch (error) {
    return error;
  }
  throw new Error(`nothing was thrown, but ${JSON.stringify(result)} returned`);
}

/** Returns the ServiceError that `work` throws; rethrows any other error. */
export async function refusalOf(work: () => unknown): Promise<ServiceError> {
  const failure = await failureOf(work);
  if (failure instanceof ServiceError) return failure;
  throw failure;
}

/** Returns the code of the ServiceError that `work` throws. */
export async function codeOf(work: () => unknown): Promise<ProblemCode> {
  return (await refusalOf(work)).code;
}

/** The violated rules of a `validation_failed`, in its order. */
export async function rulesOf(work: () => unknown): Promise<string[]> {
  const { code, violations = [] } = await refusalOf(work);
  if (code !== 'validation_failed') throw new Error(`expected validation_failed, got ${code}`);
  return violations.map(({ rule }) => rule);
}
