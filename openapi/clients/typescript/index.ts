export { createClient, type CallOptions, type Client, type ClientOptions } from './client.ts';
export type { Call, Operation, Reply } from './calls.ts';
export type { components, OperationId, Operations, paths } from './contract.ts';
export {
  NetworkError,
  ProblemError,
  UnexpectedAnswerError,
  type Problem,
  type ProblemCode,
  type Violation,
} from './problems.ts';
export { memoryTokenStore, type Tokens, type TokenStore } from './tokens.ts';
export type { Fetch, RetryOptions } from './transport.ts';
