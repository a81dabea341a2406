/** What a refused request is told, and how it must sound. */
import { expect } from 'chai';
import type { Answer } from './client.ts';
import { expectProblem } from './problems.ts';

export type Violation = Record<'pointer' | 'message' | 'rule', string>;

/** The violations of a refused request, none of which may sound like a program. */
export function violationsOf(answer: Answer): Violation[] {
  expectProblem(answer, 400, 'validation_failed');
  const errors = answer.body.errors as Violation[];
  for (const { message } of errors) {
    expect(message).not.to.match(/must match|must NOT|pattern|format "|[\^\\]|undefined/);
    expect(message, 'follows the name of the field').to.match(/^(must|is|has|belongs|contains|cannot) /);
  }
  const pointers = errors.map(({ pointer }) => pointer);
  expect(pointers, 'one for each place').to.deep.equal([...new Set(pointers)]);
  return errors;
}
