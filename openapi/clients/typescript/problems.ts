import type { components } from './contract.ts';

/** A problem document (RFC 9457) from the service. */
export type Problem = components['schemas']['Problem'];

/** What went wrong, as a code whose meaning never changes. The service may add codes. */
export type ProblemCode = Problem['code'];

/** One thing that is wrong with a request that failed with `validation_failed`. */
export type Violation = components['schemas']['Violation'];

/** An error response of the service. Branch on `code`, show `detail` to people, quote `requestId` to support. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail: string;
  /** Identifies this occurrence. */
  readonly instance: string;
  readonly requestId: string;
  /** What is wrong with the request; empty if the service does not say. */
  readonly errors: readonly Violation[];
  /** What to answer by `client.answerChallenge` to go on, if the code is `second_factor_required`. */
  readonly challenge: Problem['challenge'];
  /** When to retry, if the service says so. */
  readonly retryAfterSeconds: number | undefined;
  /** Whether the call succeeds after `client.reauthenticate(password)`, as `proveAgain` may do: the person signed in too long ago for it. */
  readonly needsReauthentication: boolean;

  constructor(problem: Problem, { headers }: Pick<Response, 'headers'>) {
    super(`${problem.status} ${problem.code}: ${problem.detail}`);
    this.problem = problem;
    this.status = problem.status;
    this.code = problem.code;
    this.detail = problem.detail;
    this.instance = problem.instance;
    this.requestId = headers.get('X-Request-Id') ?? problem.instance.replace(/^.*:/, '');
    this.errors = problem.errors ?? [];
    this.challenge = problem.challenge;
    this.retryAfterSeconds = retryAfter(headers);
    this.needsReauthentication = problem.code === 'insufficient_user_authentication';
  }
}

/** The service was not reached, or its response did not arrive; `cause` says why. The request may have taken effect. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';

  constructor(cause: unknown) {
    super('The service could not be reached.', { cause });
  }
}

/** Something other than the service responded, such as a proxy; `body` is its response. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
  readonly status: number;
  readonly body: string;

  constructor(url: string, { status, headers }: Response, body: string) {
    super(`${url} answered ${status} with ${headers.get('Content-Type') ?? 'no type'}, which the service never sends.`);
    this.status = status;
    this.body = body;
  }
}

/** Whether a body is a problem document. */
export function isProblem(body: unknown): body is Problem {
  if (typeof body !== 'object' || body === null) return false;
  const { status, code, detail, instance } = body as Record<string, unknown>;
  return typeof status === 'number' && [code, detail, instance].every((value) => typeof value === 'string');
}

/** Retry-After in seconds; a proxy may have sent it as a date. */
export function retryAfter(headers: Headers): number | undefined {
  const value = headers.get('Retry-After')?.trim();
  if (!value) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
