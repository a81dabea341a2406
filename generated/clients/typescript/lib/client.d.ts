import type { CallOptions, Query } from './calls.js';
import { type components, type Operations } from './contract.js';
import { ProblemError } from './problems.js';
import { type TokenStore } from './tokens.js';
import { type Fetch, type RetryOptions } from './transport.js';
/** What a client is made with. */
export interface ClientOptions {
    /** Where the service is, such as `https://accounts.example.com`, with `/api/v1` or without; in a browser `''` is the page's origin. */
    readonly baseUrl: string;
    /** Where the tokens are kept; in memory, when left out. */
    readonly tokens?: TokenStore;
    /** Where `client.fetch` may send the access token, such as `https://api.example.com`; else the origin of the page. */
    readonly apiOrigins?: readonly string[];
    /** Sends the requests; the platform's `fetch`, when left out. */
    readonly fetch?: Fetch;
    readonly retry?: RetryOptions;
    /**
     * Called once when the session ended without this client's `signOut`: with the problem when the refresh token was refused, with
     * nothing when another tab or client of the same store signed out. The tokens are forgotten.
     */
    readonly onSignedOut?: (problem?: ProblemError) => void;
}
type User = components['schemas']['User'];
type ListQuery = Omit<Query<'listUsers'>, 'page' | 'cursor'>;
type OfTheSession = 'login' | 'logout' | 'refreshTokens';
/**
 * A client of the service. Each operation of the contract is a method, which gives the body of a success and throws for
 * anything else: a `ProblemError`, a `NetworkError`, an `UnexpectedAnswerError` or the reason of an aborted signal.
 */
export interface Client extends Omit<Operations, OfTheSession> {
    /** Begins a session and keeps its tokens. Never waits: after a 429 it throws at once, with `retryAfterSeconds`. */
    signIn(email: string, password: string, options?: CallOptions): Promise<void>;
    /** Ends the session. The tokens are forgotten even when the service cannot be told, which is thrown. */
    signOut(options?: CallOptions): Promise<void>;
    /** Whether tokens are kept. Whether they still work, only the service knows. */
    isSignedIn(): Promise<boolean>;
    /** Calls `listener` each time somebody signed in or out, in other tabs too; gives a function that ends it. */
    onChange(listener: (isSignedIn: boolean) => void): () => void;
    /** An access token for your own API, renewed when it is about to end; nothing when nobody is signed in. */
    getAccessToken(options?: CallOptions): Promise<string | undefined>;
    /** `fetch` for your own API: sends the access token to `apiOrigins` and nowhere else, and renews it once after a 401. */
    readonly fetch: typeof globalThis.fetch;
    /** Reads the users one after the other, a page at a time. */
    eachUser(query?: ListQuery, options?: CallOptions): AsyncGenerator<User, void, undefined>;
}
/** Makes a client. It sends nothing until it is asked to. */
export declare function createClient(options: ClientOptions): Client;
export {};
