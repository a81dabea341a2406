/** The tokens of a session, as plain data that can be stored as JSON. */
export interface Tokens {
  /** Identifies the session: unchanged by a refresh, new after each sign-in. */
  readonly session: string;
  readonly accessToken: string;
  /** Works once. */
  readonly refreshToken: string;
  /** When to refresh the access token, before it expires, in milliseconds since 1970. */
  readonly refreshAt: number;
  /** When the access token expires, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Where a client stores its tokens. */
export interface TokenStore {
  get(): Tokens | undefined | Promise<Tokens | undefined>;
  /** `undefined` removes them. */
  set(tokens: Tokens | undefined): void | Promise<void>;
  /** Runs `work` while no one else who shares the store runs theirs. Not needed by a store with only one client. */
  lock?<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Calls `listener` when another client of the store changes the tokens. */
  watch?(listener: () => void): void;
}

/** Stores tokens in memory, for as long as the page or process lives. */
export function memoryTokenStore(): TokenStore {
  let kept: Tokens | undefined;
  return {
    get: () => kept,
    set(tokens) {
      kept = tokens;
    },
  };
}
