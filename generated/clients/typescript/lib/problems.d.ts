import type { components } from './contract.js';
/** A problem document (RFC 9457), as the service answers it. */
export type Problem = components['schemas']['Problem'];
/** What went wrong, in a word that never changes its meaning. The service may add words. */
export type ProblemCode = Problem['code'];
/** One thing that is wrong with a request that was refused as `validation_failed`. */
export type Violation = components['schemas']['Violation'];
/** What the service refused, and why. Decide by `code`, show `detail` to people, give `requestId` to support. */
export declare class ProblemError extends Error {
    readonly name = "ProblemError";
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
    constructor(problem: Problem, { headers }: Pick<Response, 'headers'>);
}
/** The service was not reached, or its answer did not arrive; `cause` says why. Whether it did something is not known. */
export declare class NetworkError extends Error {
    readonly name = "NetworkError";
    constructor(cause: unknown);
}
/** Something else than the service answered, such as a proxy in front of it; `body` is what it said. */
export declare class UnexpectedAnswerError extends Error {
    readonly name = "UnexpectedAnswerError";
    readonly status: number;
    readonly body: string;
    constructor(url: string, { status, headers }: Response, body: string);
}
/** Whether a body is a problem document. */
export declare function isProblem(body: unknown): body is Problem;
/** The seconds that Retry-After tells to wait, which a proxy may have sent as a date. */
export declare function retryAfter(headers: Headers): number | undefined;
