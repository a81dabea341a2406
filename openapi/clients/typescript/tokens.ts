/** The tokens of a session, as plain data that can be stored as JSON. */
export interface Tokens {
  /** Stays the same when the tokens are renewed, and is another after each sign-in. */
  readonly session: string;
  readonly accessToken: string;
  /** Works once. */
  readonly refreshToken: string;
  /** When the access token is renewed ahead of its end, in milliseconds since 1970. */
  readonly refreshAt: number;
  /** When the access token ends, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Where a client keeps its tokens. */
export interface TokenStore {
  get(): Tokens | undefined | Promise<Tokens | undefined>;
  /** `undefined` forgets them. */
  set(tokens: Tokens | undefined): void | Promise<void>;
  /** Runs `work` while nobody else who shares the store runs theirs. A store that only one client uses needs none. */
  lock?<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Calls `listener` when somebody else who shares the store changed the tokens. */
  watch?(listener: () => void): void;
}

/** Keeps tokens for as long as the page or the process lives. */
export function memoryTokenStore(): TokenStore {
  let kept: Tokens | undefined;
  return {
    get: () => kept,
    set(tokens) {
      kept = tokens;
    },
  };
}
