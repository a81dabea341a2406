import type { ProblemError } from '../../openapi/clients/typescript/index.ts';
import { type Violation } from '../../openapi/clients/typescript/index.ts';
import { english } from './english.ts';

/** One thing that is wrong, in words for people. */
export interface Fault {
  /** The field that it is about; undefined if it is about none. */
  readonly field: string | undefined;
  readonly message: string;
}

/** The field of a problem that names none, by the problem's code. */
export type FieldsOfProblems = Readonly<Record<string, string>>;

type Sentence = (label: string, violation: Pick<Violation, 'limit'>) => string;

/** What is said by the contract's rules: to whoever the account belongs to, unless told otherwise. */
export type Rules = typeof english.rules;

/** What a problem says about a form, given the labels of its fields by name. Fields are named as in the contract's body. */
export function faultsOf(
  problem: ProblemError,
  labels: ReadonlyMap<string, string>,
  fieldOf: FieldsOfProblems,
  rules: Rules = english.rules,
): Fault[] {
  const violations = problem.errors.map((violation) => faultOfViolation(violation, labels, rules));
  const named = violations.filter(({ field }) => field !== undefined);
  if (named.length > 0) return named;
  return [{ field: fieldOf[problem.code], message: messageOf(problem) }];
}

/** What a problem says, in one sentence. */
export function messageOf(problem: ProblemError): string {
  const sentences: Partial<Record<string, string>> = english.problems;
  const known = sentences[problem.code];
  if (known !== undefined) return known;
  if (problem.status < 500) return problem.detail;
  return `${english.form.unexpected} ${english.form.reference(problem.requestId)}`;
}

function faultOfViolation(violation: Violation, labels: ReadonlyMap<string, string>, rules: Rules): Fault {
  const name = violation.pointer.replace(/^\/body\//, '');
  const label = labels.get(name);
  if (label === undefined) return { field: undefined, message: violation.message };
  const sentences: Partial<Record<string, Sentence>> = rules;
  const sentence = sentences[violation.rule];
  return { field: name, message: sentence?.(label, violation) ?? `${label} ${violation.message}` };
}

/** What a browser finds wrong with a field, before anything is sent. */
export function faultOfInput(
  input: HTMLInputElement | HTMLSelectElement,
  label: string,
  rules: Rules = english.rules,
): Fault | undefined {
  const { valueMissing, typeMismatch } = input.validity;
  if (valueMissing) return { field: input.name, message: rules.required(label) };
  return typeMismatch ? { field: input.name, message: rules.format() } : undefined;
}
