export { createClient, type CallOptions, type Client, type ClientOptions } from './client.js';
export type { Call, Operation, Reply } from './calls.js';
export type { components, OperationId, Operations, paths } from './contract.js';
export { NetworkError, ProblemError, UnexpectedAnswerError, type Problem, type ProblemCode, type Violation, } from './problems.js';
export { memoryTokenStore, type Tokens, type TokenStore } from './tokens.js';
export type { Fetch, RetryOptions } from './transport.js';
