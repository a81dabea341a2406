/** What tests expect of an answer that is a problem document. */
import { expect } from 'chai';
import type { ProblemCode } from '../../src/platform/errors.ts';
import type { Answer } from './client.ts';

export function expectProblem(answer: Answer, status: number, code: ProblemCode): void {
  expect({ status: answer.status, code: answer.body?.code }).to.deep.equal({ status, code });
}

/** The rules that a refused request broke, such as `/body/email required`, in the order of the alphabet. */
export function brokenRules(answer: Answer): string[] {
  expectProblem(answer, 400, 'validation_failed');
  const errors = answer.body.errors as { pointer: string; rule: string }[];
  return errors.map(({ pointer, rule }) => `${pointer} ${rule}`).sort();
}

/** What is left of a problem document when this one request is taken out of it. */
export function withoutInstance({ bytes, body }: Answer): string {
  return bytes.toString().replaceAll(String(body.instance), '');
}
