import { type Client as HttpClient } from 'openapi-fetch';
import { type components, type Operations, type paths } from './contract.js';
import { ProblemError } from './problems.js';
import { type TokenStore } from './tokens.js';
import { type Fetch, type RetryOptions } from './transport.js';
import type { Call } from './calls.js';
/** What a client is made with. */
export interface ClientOptions {
    /** Where the service stands, such as `https://accounts.example.com`; in a browser `''` is the origin of the page. */
    readonly baseUrl: string;
    /** Where the tokens are kept; in memory, when left out. */
    readonly tokens?: TokenStore;
    /** Sends the requests; the platform's `fetch`, when left out. */
    readonly fetch?: Fetch;
    readonly retry?: RetryOptions;
    /** Called when the session ended without `signOut`: the refresh token was refused, and the tokens are forgotten. */
    readonly onSignedOut?: (problem: ProblemError) => void;
}
/** What a call may be given besides what it sends. */
export interface CallOptions {
    readonly signal?: AbortSignal;
}
type User = components['schemas']['User'];
type ListQuery = Omit<NonNullable<Call<'listUsers'>['query']>, 'page' | 'cursor'>;
type OfTheSession = 'login' | 'logout' | 'refreshTokens';
/**
 * A client of the service. Each operation of the contract is a method, which gives the body of a success and throws for
 * anything else: a `ProblemError`, a `NetworkError`, an `UnexpectedAnswerError` or the reason of an aborted signal.
 */
export interface Client extends Omit<Operations, OfTheSession> {
    /** Begins a session and keeps its tokens. */
    signIn(email: string, password: string, options?: CallOptions): Promise<void>;
    /** Ends the session. The tokens are forgotten even when the service can not be told, which is thrown. */
    signOut(options?: CallOptions): Promise<void>;
    /** Reads the users one after the other, a page at a time. */
    eachUser(call?: {
        readonly query?: ListQuery;
    } & CallOptions): AsyncGenerator<User, void, undefined>;
    /** The client by path, for the headers of an answer. It gives refusals back as `error` and throws the rest. */
    readonly http: HttpClient<paths>;
}
/** Makes a client. It sends nothing until it is asked to. */
export declare function createClient(options: ClientOptions): Client;
export {};
