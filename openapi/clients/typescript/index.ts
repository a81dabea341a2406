export { browserTokenStore, type BrowserTokenStoreOptions } from './browser-tokens.ts';
export type { CallOptions, ChangeOptions, CreateOptions } from './calls.ts';
export type { AskForSecondFactor, Challenge, ChallengeAnswer } from './challenges.ts';
export { createClient, type Client, type ClientOptions } from './client.ts';
export type { components, OperationId, Operations } from './contract.ts';
export { PasskeyError, type PasskeyOptions, type Passkeys } from './passkeys.ts';
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
