import type { Session } from './session.js';
/** How requests are repeated that the service could not take. */
export interface RetryOptions {
    /** How often a request is sent at the most. 1 repeats none. */
    readonly attempts?: number;
    /** The longest Retry-After to wait for; after a longer one the problem is thrown at once. */
    readonly maxWaitSeconds?: number;
}
/** Sends a request, such as the platform's `fetch`. */
export type Fetch = (request: Request) => Promise<Response>;
/** What a transport needs. */
export interface TransportParts {
    readonly fetch: Fetch;
    readonly retry: RetryOptions;
    /** Asked at the first request, because the session sends its own through the transport. */
    readonly session: () => Session;
}
/** Makes the `fetch` that authenticates, renews tokens and repeats what is safe to repeat. */
export declare function createTransport({ fetch, retry, session }: TransportParts): Fetch;
