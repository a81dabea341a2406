import type { components } from '../../generated/openapi.ts';

/** The contract's stable codes for what went wrong. */
export type ProblemCode = components['schemas']['ProblemCode'];

/** One broken rule of a request, as problem documents show it. */
export type Violation = components['schemas']['Violation'];

/** What is asked of somebody who proved the first factor, as problem documents show it. */
type LoginChallenge = components['schemas']['LoginChallenge'];

interface ServiceErrorOptions {
  /** Replaces the code's usual sentence. Sent to the client. */
  detail?: string;
  /** The broken rules of the request, if any. */
  violations?: Violation[];
  /** What would be let in with a second factor. Holds a secret of the client's; never logged. */
  challenge?: LoginChallenge;
  /** When to retry the request, in seconds. */
  retryAfterSeconds?: number;
  /** Cookies to set, as `Set-Cookie` has them. */
  cookies?: readonly string[];
  /** The underlying error. Never sent to the client. */
  cause?: unknown;
}

/** The one error that the service throws on purpose; everything else is a fault. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  readonly violations: Violation[] | undefined;
  readonly challenge: LoginChallenge | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly cookies: readonly string[] | undefined;

  constructor(code: ProblemCode, options: ServiceErrorOptions = {}) {
    super(options.detail ?? code, { cause: options.cause });
    this.code = code;
    this.detail = options.detail;
    this.violations = options.violations;
    this.challenge = options.challenge;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.cookies = options.cookies;
  }
}
