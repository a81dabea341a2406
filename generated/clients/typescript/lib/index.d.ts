export { browserTokenStore, type BrowserTokenStoreOptions } from './browser-tokens.ts';
export type { CallOptions, ChangeOptions, CreateOptions } from './calls.js';
export { createClient, type Client, type ClientOptions } from './client.js';
export type { components, OperationId, Operations } from './contract.js';
export { NetworkError, ProblemError, UnexpectedAnswerError, type Problem, type ProblemCode, type Violation, } from './problems.js';
export { memoryTokenStore, type Tokens, type TokenStore } from './tokens.js';
export type { Fetch, RetryOptions } from './transport.js';
