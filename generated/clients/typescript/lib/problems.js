/** What the service refused, and why. Decide by `code`, show `detail` to people, give `requestId` to support. */
export class ProblemError extends Error {
    name = 'ProblemError';
    problem;
    status;
    code;
    detail;
    /** Names this occurrence. */
    instance;
    requestId;
    /** What is wrong with the request, when the code is `validation_failed`; else empty. */
    errors;
    /** When the request is worth repeating, if the service said so. */
    retryAfterSeconds;
    constructor(problem, response) {
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
    name = 'NetworkError';
    constructor(cause) {
        super('The service could not be reached.', { cause });
    }
}
/** Something else than the service answered, such as a proxy in front of it. */
export class UnexpectedAnswerError extends Error {
    name = 'UnexpectedAnswerError';
    status;
    constructor(response) {
        super(`The answer is not one of the service (${response.status} ${response.headers.get('Content-Type') ?? ''}).`);
        this.status = response.status;
    }
}
/** The error that stands for a refusal. */
export function toError(body, response) {
    return isProblem(body) ? new ProblemError(body, response) : new UnexpectedAnswerError(response);
}
function isProblem(body) {
    if (typeof body !== 'object' || body === null)
        return false;
    const { status, code, detail, instance } = body;
    return typeof status === 'number' && [code, detail, instance].every((value) => typeof value === 'string');
}
/** The seconds that Retry-After tells to wait, which a proxy may have sent as a date. */
export function retryAfter({ headers }) {
    const value = headers.get('Retry-After')?.trim();
    if (!value)
        return undefined;
    const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
    return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
