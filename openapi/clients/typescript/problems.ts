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
  /** What is wrong with the request, where the service says it; else empty. */
  readonly errors: readonly Violation[];
  /** When the request is worth repeating, if the service said so. */
  readonly retryAfterSeconds: number | undefined;

  constructor(problem: Problem, { headers }: Pick<Response, 'headers'>) {
    super(`${problem.status} ${problem.code}: ${problem.detail}`);
    this.problem = problem;
    this.status = problem.status;
    this.code = problem.code;
    this.detail = problem.detail;
    this.instance = problem.instance;
    this.requestId = headers.get('X-Request-Id') ?? problem.instance.replace(/^.*:/, '');
    this.errors = problem.errors ?? [];
    this.retryAfterSeconds = retryAfter(headers);
  }
}

/** The service was not reached, or its answer did not arrive; `cause` says why. Whether it did something is not known. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';

  constructor(cause: unknown) {
    super('The service could not be reached.', { cause });
  }
}

/** Something else than the service answered, such as a proxy in front of it; `body` is what it said. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
  readonly status: number;
  readonly body: string;

  constructor(url: string, { status, headers }: Response, body: string) {
    super(`${url} answered ${status} with ${headers.get('Content-Type') ?? 'no type'}, which is not the service's.`);
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

/** The seconds that Retry-After tells to wait, which a proxy may have sent as a date. */
export function retryAfter(headers: Headers): number | undefined {
  const value = headers.get('Retry-After')?.trim();
  if (!value) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
