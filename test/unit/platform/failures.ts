/** How tests look at work that is to fail. */
import { ServiceError, type ProblemCode } from '../../../src/platform/errors.ts';

/** What the work throws; throws itself when the work succeeds. */
export async function failureOf(work: () => unknown): Promise<unknown> {
  let result: unknown;
  try {
    result = await work();
  } catch (error) {
    return error;
  }
  throw new Error(`nothing was thrown, but ${JSON.stringify(result)} returned`);
}

/** The ServiceError that the work throws; any other error goes on. */
export async function refusalOf(work: () => unknown): Promise<ServiceError> {
  const failure = await failureOf(work);
  if (failure instanceof ServiceError) return failure;
  throw failure;
}

/** The code of the ServiceError that the work throws. */
export async function codeOf(work: () => unknown): Promise<ProblemCode> {
  return (await refusalOf(work)).code;
}

/** The rules that a `validation_failed` says are broken, in its order. */
export async function rulesOf(work: () => unknown): Promise<string[]> {
  const { code, violations = [] } = await refusalOf(work);
  if (code !== 'validation_failed') throw new Error(`expected validation_failed, got ${code}`);
  return violations.map(({ rule }) => rule);
}
