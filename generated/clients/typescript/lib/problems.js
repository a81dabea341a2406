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
    /** What is wrong with the request, where the service says it; else empty. */
    errors;
    /** When the request is worth repeating, if the service said so. */
    retryAfterSeconds;
    constructor(problem, { headers }) {
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
    name = 'NetworkError';
    constructor(cause) {
        super('The service could not be reached.', { cause });
    }
}
/** Something else than the service answered, such as a proxy in front of it; `body` is what it said. */
export class UnexpectedAnswerError extends Error {
    name = 'UnexpectedAnswerError';
    status;
    body;
    constructor(url, { status, headers }, body) {
        super(`${url} answered ${status} with ${headers.get('Content-Type') ?? 'no type'}, which is not the service's.`);
        this.status = status;
        this.body = body;
    }
}
/** Whether a body is a problem document. */
export function isProblem(body) {
    if (typeof body !== 'object' || body === null)
        return false;
    const { status, code, detail, instance } = body;
    return typeof status === 'number' && [code, detail, instance].every((value) => typeof value === 'string');
}
/** The seconds that Retry-After tells to wait, which a proxy may have sent as a date. */
export function retryAfter(headers) {
    const value = headers.get('Retry-After')?.trim();
    if (!value)
        return undefined;
    const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
    return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
