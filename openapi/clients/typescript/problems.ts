import type { components } from './contract.ts';

/** A problem document (RFC 9457), as the service answers it. */
export type Problem = components['schemas']['Problem'];

/** What went wrong, in a word that never changes its meaning. The service may add words. */
export type ProblemCode = Problem['code'];

/** One thing that is wrong with a request that was refused as `validation_failed`. */
export type Violation = components['schemas']['Violation'];

/** What the service refused, and why. Decide by `code`, show `detail` to people, give `requestId` to support. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail: string;
  /** Names this occurrence. */
  readonly instance: string;
  readonly requestId: string;
  /** What is wrong with the request, when the code is `validation_failed`; else empty. */
  readonly errors: readonly Violation[];
  /** When the request is worth repeating, if the service said so. */
  readonly retryAfterSeconds: number | undefined;

  constructor(problem: Problem, response: Response) {
    super(`${problem.status} ${problem.code}: ${problem.detail}`);
    this.problem = problem;
    this.status = problem.status;
    this.code = problem.code;
    this.detail = problem.detail;
    this.instance = problem.instance;
    this.requestId = response.headers.get('X-Request-Id') ?? problem.instance.replace(/^.*:/, '');
    this.errors = problem.errors ?? [];
    this.retryAfterSeconds = retryAfter(response);
  }
}

/** The service was not reached, or its answer did not arrive; `cause` says why. Whether it did something is not known. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';

  constructor(cause: unknown) {
    super('The service could not be reached.', { cause });
  }
}

/** Something else than the service answered, such as a proxy in front of it. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
  readonly status: number;

  constructor(response: Response) {
    super(`The answer is not one of the service (${response.status} ${response.headers.get('Content-Type') ?? ''}).`);
    this.status = response.status;
  }
}

/** The error that stands for a refusal. */
export function toError(body: unknown, response: Response): ProblemError | UnexpectedAnswerError {
  return isProblem(body) ? new ProblemError(body, response) : new UnexpectedAnswerError(response);
}

function isProblem(body: unknown): body is Problem {
  if (typeof body !== 'object' || body === null) return false;
  const { status, code, detail, instance } = body as Record<string, unknown>;
  return typeof status === 'number' && [code, detail, instance].every((value) => typeof value === 'string');
}

/** The seconds that Retry-After tells to wait, which a proxy may have sent as a date. */
export function retryAfter({ headers }: Response): number | undefined {
  const value = headers.get('Retry-After')?.trim();
  if (!value) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
