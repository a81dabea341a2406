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
  /**
   * What this device is recognised by when somebody signs in again: the client reads it before and writes it after. It outlives the
   * session. Without these two, it lasts as long as the client.
   */
  getDevice?(): string | undefined | Promise<string | undefined>;
  setDevice?(deviceToken: string): void | Promise<void>;
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

/** What the device is recognised by. */
export interface Device {
  read(): Promise<string | undefined>;
  keep(deviceToken: string): Promise<void>;
}

/** The device of a store; in memory, if the store has no place for it. */
export function deviceOf(store: TokenStore): Device {
  let kept: string | undefined;
  return {
    read: async () => (store.getDevice ? store.getDevice() : kept),
    async keep(deviceToken) {
      kept = deviceToken;
      await store.setDevice?.(deviceToken);
    },
  };
}
