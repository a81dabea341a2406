import type { components } from './contract.ts';
import { ProblemError } from './problems.ts';
import type { Tokens, TokenStore } from './tokens.ts';
import { until } from './waiting.ts';

type TokenPair = components['schemas']['TokenPair'];

/** What a session needs. */
export interface SessionParts {
  readonly store: TokenStore;
  /** Exchanges a refresh token. */
  readonly exchange: (refreshToken: string) => Promise<TokenPair>;
  readonly onSignedOut: ((problem?: ProblemError) => void) | undefined;
}

const earliestSeconds = 30;

/** Keeps the tokens of one session, renews them once for all who ask, and tells when somebody signed in or out. */
export class Session {
  readonly #parts: SessionParts;
  readonly #listeners = new Set<(isSignedIn: boolean) => void>();
  #last: Promise<unknown> = Promise.resolve();
  #renewal: { readonly used: string; readonly outcome: Promise<Tokens | undefined> } | undefined;
  /** Whose tokens were seen last, and nothing before they were. */
  #seen: { readonly session: string | undefined } | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    const look = () => void this.read().catch(() => {});
    if (parts.store.watch) look();
    parts.store.watch?.(look);
  }

  /** Calls `listener` each time somebody signed in or out, here or elsewhere; gives a function that ends it. */
  onChange(listener: (isSignedIn: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The tokens as they are kept; finds out what others who share the store did. */
  async read(): Promise<Tokens | undefined> {
    const tokens = await this.#parts.store.get();
    if (this.#notice(tokens) && !tokens) this.#signedOut();
    return tokens;
  }

  /** Keeps the tokens of a new session, or forgets those of an ended one. */
  keep(tokens: Tokens | undefined): Promise<void> {
    return this.#alone(async () => {
      await this.read();
      await this.#parts.store.set(tokens);
      this.#notice(tokens);
    });
  }

  /** The tokens to send with, renewed when they are about to end; nothing when nobody is signed in. */
  async tokens(signal: AbortSignal | undefined): Promise<Tokens | undefined> {
    const tokens = await this.read();
    if (!tokens || Date.now() < tokens.refreshAt) return tokens;
    try {
      return await this.renew(tokens, signal);
    } catch (error) {
      if (signal?.aborted || endsSession(error) || Date.now() >= tokens.expiresAt) throw error;
      return tokens;
    }
  }

  /** The tokens that take the place of ones that do not work any more; nothing when the session was forgotten. */
  renew({ refreshToken: used }: Tokens, signal: AbortSignal | undefined): Promise<Tokens | undefined> {
    if (this.#renewal?.used !== used) {
      const renewal = { used, outcome: this.#alone(() => this.#renewAlone(used)) };
      this.#renewal = renewal;
      const done = () => {
        if (this.#renewal === renewal) this.#renewal = undefined;
      };
      renewal.outcome.then(done, done);
    }
    return until(this.#renewal.outcome, signal);
  }

  async #renewAlone(used: string): Promise<Tokens | undefined> {
    const { store, exchange } = this.#parts;
    const tokens = await this.read();
    if (tokens?.refreshToken !== used) return tokens;
    const sentAt = Date.now();
    try {
      const renewed = toTokens(await exchange(used), sentAt, tokens.session);
      await store.set(renewed);
      return renewed;
    } catch (error) {
      if (endsSession(error)) {
        await store.set(undefined);
        this.#notice(undefined);
        this.#signedOut(error);
      }
      throw error;
    }
  }

  /** Tells the listeners if other tokens are kept than before, of somebody else or of nobody; says whether they are. */
  #notice(tokens: Tokens | undefined): boolean {
    const seen = this.#seen;
    this.#seen = { session: tokens?.session };
    if (!seen || seen.session === tokens?.session) return false;
    for (const listener of this.#listeners) queueMicrotask(() => listener(tokens !== undefined));
    return true;
  }

  // Later, as listeners are called too: what they throw is theirs, and breaks no call.
  #signedOut(problem?: ProblemError): void {
    queueMicrotask(() => this.#parts.onSignedOut?.(problem));
  }

  // A refresh token works once, and a second use ends the session: nobody may read the tokens while another exchanges them.
  #alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const { store } = this.#parts;
    const turn = this.#last.then(() => (store.lock ? store.lock(work) : work()));
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

/** What is kept of the tokens that the service answered to a request sent at `sentAt`. */
export function toTokens(pair: TokenPair, sentAt: number, session: string): Tokens {
  const early = Math.min(earliestSeconds, pair.expires_in / 2);
  return {
    session,
    accessToken: pair.access_token,
    refreshToken: pair.refresh_token,
    refreshAt: sentAt + (pair.expires_in - early) * 1000,
    expiresAt: sentAt + pair.expires_in * 1000,
  };
}

// A limit, a fault of the server and a network that is away leave the refresh token as good as it was.
function endsSession(error: unknown): error is ProblemError {
  return error instanceof ProblemError && [400, 401, 403].includes(error.status);
}
