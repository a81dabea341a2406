import type { OperationId } from './contract.js';
import type { Session } from './session.js';
/** How requests are repeated that the service could not take. */
export interface RetryOptions {
    /** How often a request is sent at the most. 1 repeats none. */
    readonly attempts?: number;
    /** How long a call waits at the most, all in all; before a longer wait the problem is thrown at once. */
    readonly maxWaitSeconds?: number;
}
/** Sends a request, such as the platform's `fetch`. */
export type Fetch = (request: string | Request, init?: RequestInit) => Promise<Response>;
/** A request of an operation. */
export interface Outgoing {
    readonly id: OperationId;
    readonly url: string;
    readonly headers: Record<string, string>;
    readonly body?: string;
    readonly signal?: AbortSignal | undefined;
}
/** What a transport needs. */
export interface TransportParts {
    readonly fetch: Fetch;
    readonly retry: RetryOptions;
    /** Asked at the first request, because the session sends its own through the transport. */
    readonly session: () => Session;
}
/** Makes the function that sends operations: it authenticates, renews tokens and repeats what is safe to repeat. */
export declare function createTransport({ fetch, retry, session }: TransportParts): (request: Outgoing) => Promise<unknown>;
