import type { components } from '../../generated/openapi.ts';
import { messages } from '../../generated/problems.ts';
import { ServiceError, type Violation } from './errors.ts';

/** The contract's names of the rules that a request can break. */
export type ViolationRule = components['schemas']['ViolationRule'];

/** The values in a sentence, by their names in the contract's Violation. */
export type ViolationDetails = Pick<Violation, 'limit' | 'allowed' | 'expected'>;

type Sentence = string | ((details: ViolationDetails) => string);

const sentences: Record<ViolationRule, Sentence> = {
  ...messages,
  type: ({ expected = '' }) => types[expected] ?? 'has a value of another type',
  enum: ({ allowed = [] }) => `must be ${allowed.length > 1 ? 'one of ' : ''}${allowed.join(', ')}`,
  minLength: ({ limit = 1 }) => (limit === 1 ? 'must not be empty' : `must have at least ${limit} characters`),
  maxLength: ({ limit = 1 }) => `must have at most ${count(limit, 'character')}`,
  minimum: ({ limit }) => `must be ${limit ?? ''} or more`,
  maximum: ({ limit }) => `must be ${limit ?? ''} or less`,
  minProperties: ({ limit = 1 }) => `must have at least ${count(limit, 'field')}`,
  maxProperties: ({ limit = 1 }) => `must have at most ${count(limit, 'field')}`,
  maxItems: ({ limit = 1 }) => `must have at most ${count(limit, 'item')}`,
  format: ({ expected = '' }) => formats[expected] ?? 'has a form that is not allowed',
};

const types: Record<string, string> = {
  string: 'must be text',
  integer: 'must be a whole number',
  boolean: 'must be true or false',
  object: 'must be an object with fields',
  array: 'must be a list',
};

const formats: Record<string, string> = {
  'date-time': 'must be a time in UTC, such as 2026-01-15T09:30:00Z',
  'idn-email': 'must be an e-mail address, such as ada@example.com',
  uuid: 'must be an id, such as 01939d3a-7c1e-7b5a-9f43-2d1f0c6a8e11',
};

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

/** Describes what is wrong at a place in the request, given by its path of names; `message` replaces the usual sentence. */
export function describeViolation(
  names: readonly string[],
  rule: ViolationRule,
  details: ViolationDetails = {},
  message?: string,
): Violation {
  const sentence = sentences[rule];
  const usual = typeof sentence === 'string' ? sentence : sentence(details);
  return { pointer: toPointer(names), message: message ?? usual, rule, ...details };
}

/** A `validation_failed` for one place in the request. */
export function violation(names: readonly string[], rule: ViolationRule, message?: string): ServiceError {
  return new ServiceError('validation_failed', { violations: [describeViolation(names, rule, {}, message)] });
}

/** An `email_taken`, the same whatever the reason. */
export function emailTaken(cause?: unknown): ServiceError {
  return new ServiceError('email_taken', { violations: [describeViolation(['body', 'email'], 'taken')], cause });
}

const maxPointerLength = 1024;

// RFC 6901, truncated without splitting a character or an escape. A name with lone surrogates could not be sent as UTF-8.
function toPointer(names: readonly string[]): string {
  const escaped = names.map((name) => name.replaceAll('~', '~0').replaceAll('/', '~1'));
  const pointer = `/${escaped.join('/')}`.toWellFormed();
  return pointer.length <= maxPointerLength
    ? pointer
    : pointer.slice(0, maxPointerLength).replace(/[\uD800-\uDBFF~]$/, '');
}
