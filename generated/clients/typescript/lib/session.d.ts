import type { components } from './contract.js';
import { ProblemError } from './problems.js';
import type { Tokens, TokenStore } from './tokens.js';
type TokenPair = components['schemas']['TokenPair'];
/** What a session needs. */
export interface SessionParts {
    readonly store: TokenStore;
    /** Exchanges a refresh token. */
    readonly exchange: (refreshToken: string) => Promise<TokenPair>;
    readonly onSignedOut: ((problem?: ProblemError) => void) | undefined;
}
/** Keeps the tokens of one session, renews them once for all who ask, and tells when somebody signed in or out. */
export declare class Session {
    #private;
    constructor(parts: SessionParts);
    /** Calls `listener` each time somebody signed in or out, here or elsewhere; gives a function that ends it. */
    onChange(listener: (isSignedIn: boolean) => void): () => void;
    /** The tokens as they are kept; finds out what others who share the store did. */
    read(): Promise<Tokens | undefined>;
    /** Keeps the tokens of a new session, or forgets those of an ended one. */
    keep(tokens: Tokens | undefined): Promise<void>;
    /** The tokens to send with, renewed when they are about to end; nothing when nobody is signed in. */
    tokens(signal: AbortSignal | undefined): Promise<Tokens | undefined>;
    /** The tokens that take the place of ones that do not work any more; nothing when the session was forgotten. */
    renew({ refreshToken: used }: Tokens, signal: AbortSignal | undefined): Promise<Tokens | undefined>;
}
/** What is kept of the tokens that the service answered to a request sent at `sentAt`. */
export declare function toTokens(pair: TokenPair, sentAt: number, session: string): Tokens;
export {};
