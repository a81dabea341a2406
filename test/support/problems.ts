/** Expectations about problem documents. */
import { expect } from 'chai';
import type { ProblemCode } from '../../src/platform/errors.ts';
import type { Answer } from './client.ts';

export function expectProblem(answer: Answer, status: number, code: ProblemCode): void {
  expect({ status: answer.status, code: answer.body?.code }).to.deep.equal({ status, code });
}

/** The violations of a rejected request, such as `/body/email required`, sorted. */
export function brokenRules(answer: Answer): string[] {
  expectProblem(answer, 400, 'validation_failed');
  const errors = answer.body.errors as { pointer: string; rule: string }[];
  return errors.map(({ pointer, rule }) => `${pointer} ${rule}`).sort();
}

/** A problem document without the id of its request. */
export function withoutInstance({ bytes, body }: Answer): string {
  return bytes.toString().replaceAll(String(body.instance), '');
}
