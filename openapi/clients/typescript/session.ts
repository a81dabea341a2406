import type { PairOfSession } from './browser-session.ts';
import { ProblemError } from './problems.ts';
import { randomKey } from './random.ts';
import type { Tokens, TokenStore } from './tokens.ts';
import { until } from './waiting.ts';

/** What a session depends on. */
export interface SessionParts {
  readonly store: TokenStore;
  /** Exchanges a refresh token. */
  readonly exchange: (refreshToken: string) => Promise<PairOfSession>;
  /** Whether a session may have outlived the page, and can be continued without tokens. */
  readonly mayResume?: boolean;
  readonly onSignedOut: ((problem?: ProblemError) => void) | undefined;
}

const earliestSeconds = 30;

/** Holds the tokens of one session, refreshes them once for all callers, and tells listeners about signing in and out. */
export class Session {
  readonly #parts: SessionParts;
  readonly #listeners = new Set<(isSignedIn: boolean) => void>();
  #last: Promise<unknown> = Promise.resolve();
  /** Whether a session may have outlived the page; the service has not said yet. */
  #mayResume: boolean;
  #resumption: Promise<Tokens | undefined> | undefined;
  #renewal: { readonly used: string; readonly outcome: Promise<Tokens | undefined> } | undefined;
  /** The session seen last; undefined before the first look. */
  #seen: { readonly session: string | undefined } | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#mayResume = parts.mayResume ?? false;
    const look = () => void this.read().catch(() => {});
    if (parts.store.watch) look();
    parts.store.watch?.(look);
  }

  /** Calls `listener` each time someone signs in or out, here or elsewhere; returns a function that unsubscribes. */
  onChange(listener: (isSignedIn: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The stored tokens; notices what others who share the store have done. */
  async read(): Promise<Tokens | undefined> {
    const tokens = await this.#parts.store.get();
    if (this.#notice(tokens) && !tokens) this.#signedOut();
    return tokens;
  }

  /** The tokens, or those of a session that outlived the page; undefined if nobody is signed in. */
  async find(signal?: AbortSignal): Promise<Tokens | undefined> {
    const tokens = await this.read();
    if (tokens || !this.#mayResume) return tokens;
    this.#resumption ??= this.#exclusively(() => this.#resume()).finally(() => {
      this.#resumption = undefined;
    });
    return until(this.#resumption, signal);
  }

  async #resume(): Promise<Tokens | undefined> {
    // Another tab may have handed over its own, or somebody has signed in.
    const tokens = await this.read();
    if (tokens || !this.#mayResume) return tokens;
    const sentAt = Date.now();
    try {
      const resumed = toTokens(await this.#parts.exchange(''), sentAt, randomKey());
      await this.#parts.store.set(resumed);
      this.#mayResume = false;
      this.#notice(resumed);
      return resumed;
    } catch (error) {
      if (!(error instanceof ProblemError && error.status === 401)) throw error;
      this.#mayResume = false;
      if (error.code === 'refresh_token_reused') this.#signedOut(error);
      return undefined;
    }
  }

  /** Stores the tokens of a new session, or removes those of an ended one. */
  keep(tokens: Tokens | undefined): Promise<void> {
    return this.#exclusively(async () => {
      await this.read();
      this.#mayResume = false;
      await this.#parts.store.set(tokens);
      this.#notice(tokens);
    });
  }

  /** Stores a new access token of the session, if it is still there. Its refresh token may be a later one by now, and stays. */
  renewAccess({ refreshToken: _, ...access }: Tokens): Promise<void> {
    return this.#exclusively(async () => {
      const tokens = await this.read();
      if (tokens?.session === access.session) await this.#parts.store.set({ ...tokens, ...access });
    });
  }

  /** Has the next call refresh the access token first: what it says about the session has changed. */
  outdate(): Promise<void> {
    return this.#exclusively(async () => {
      const tokens = await this.read();
      if (tokens) await this.#parts.store.set({ ...tokens, refreshAt: 0 });
    });
  }

  /** Tokens to send, refreshed if they are about to expire; undefined if nobody is signed in. */
  async tokens(signal: AbortSignal | undefined): Promise<Tokens | undefined> {
    const tokens = await this.find(signal);
    if (!tokens || Date.now() < tokens.refreshAt) return tokens;
    try {
      return await this.renew(tokens, signal);
    } catch (error) {
      if (signal?.aborted || endsSession(error) || Date.now() >= tokens.expiresAt) throw error;
      return tokens;
    }
  }

  /** Replacements for tokens that no longer work; undefined if the session is gone. */
  renew({ refreshToken: used }: Tokens, signal: AbortSignal | undefined): Promise<Tokens | undefined> {
    if (this.#renewal?.used !== used) {
      const renewal = { used, outcome: this.#exclusively(() => this.#exchange(used)) };
      this.#renewal = renewal;
      const done = () => {
        if (this.#renewal === renewal) this.#renewal = undefined;
      };
      renewal.outcome.then(done, done);
    }
    return until(this.#renewal.outcome, signal);
  }

  async #exchange(used: string): Promise<Tokens | undefined> {
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

  /** Tells the listeners if the stored tokens now belong to another session or to none; returns whether they do. */
  #notice(tokens: Tokens | undefined): boolean {
    const seen = this.#seen;
    this.#seen = { session: tokens?.session };
    if (!seen || seen.session === tokens?.session) return false;
    for (const listener of this.#listeners) queueMicrotask(() => listener(tokens !== undefined));
    return true;
  }

  // Called asynchronously, like listeners, so that what they throw breaks no call.
  #signedOut(problem?: ProblemError): void {
    queueMicrotask(() => this.#parts.onSignedOut?.(problem));
  }

  // A token whose successor was used ends the session: nobody may read the tokens while another caller refreshes.
  #exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    const { store } = this.#parts;
    const turn = this.#last.then(() => (store.lock ? store.lock(work) : work()));
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

/** Tokens to store, from the response to a request sent at `sentAt`. */
export function toTokens(pair: PairOfSession, sentAt: number, session: string): Tokens {
  const early = Math.min(earliestSeconds, pair.expires_in / 2);
  return {
    session: pair.session ?? session,
    accessToken: pair.access_token,
    refreshToken: pair.refresh_token,
    refreshAt: sentAt + (pair.expires_in - early) * 1000,
    expiresAt: sentAt + pair.expires_in * 1000,
  };
}

// A rate limit, a server error or a network failure leaves the refresh token usable.
function endsSession(error: unknown): error is ProblemError {
  return error instanceof ProblemError && [400, 401, 403].includes(error.status);
}
