import { createAuthorizedFetch } from './authorized-fetch.ts';
import type { CallOptions, Query } from './calls.ts';
import { basePath, operations, type components, type OperationId, type Operations } from './contract.ts';
import { ProblemError } from './problems.ts';
import { randomKey } from './random.ts';
import { Session, toTokens } from './session.ts';
import { deviceOf, memoryTokenStore, type TokenStore } from './tokens.ts';
import { createTransport, type Fetch, type Outgoing, type RetryOptions } from './transport.ts';

/** Options of `createClient`. */
export interface ClientOptions {
  /** The service's URL, such as `https://accounts.example.com`, with or without `/api/v1`; in a browser, `''` is the page's origin. */
  readonly baseUrl: string;
  /** Where to store the tokens; in memory by default. */
  readonly tokens?: TokenStore;
  /** Where `client.fetch` may send the access token, such as `https://api.example.com`; the page's origin by default. */
  readonly apiOrigins?: readonly string[];
  /** Sends the requests; the platform's `fetch` by default. */
  readonly fetch?: Fetch;
  readonly retry?: RetryOptions;
  /**
   * Called once when the session ends other than by this client's `signOut`: with the problem if the refresh token was rejected, with
   * nothing if another tab or client of the same store signed out. The tokens are gone by then.
   */
  readonly onSignedOut?: (problem?: ProblemError) => void;
}

type User = components['schemas']['User'];
type ListQuery = Omit<Query<'listUsers'>, 'page' | 'cursor'>;
type OfTheSession = 'login' | 'logout' | 'refreshTokens' | 'reauthenticate';

/**
 * A client of the service. Each operation of the contract is a method that returns the response body, or throws: a `ProblemError`, a
 * `NetworkError`, an `UnexpectedAnswerError`, or the reason of an aborted signal.
 */
export interface Client extends Omit<Operations, OfTheSession> {
  /** Starts a session and stores its tokens. Never waits: a 429 throws at once, with `retryAfterSeconds`. */
  signIn(email: string, password: string, options?: CallOptions): Promise<void>;
  /** Ends the session. The tokens are removed even if the request fails, which throws. */
  signOut(options?: CallOptions): Promise<void>;
  /**
   * Proves once more who is signed in, after a problem with `needsReauthentication`; then repeat the call. Never waits, as `signIn`.
   */
  reauthenticate(password: string, options?: CallOptions): Promise<void>;
  /** Whether there are tokens. Only the service knows whether they still work. */
  isSignedIn(): Promise<boolean>;
  /** Calls `listener` each time someone signs in or out, in other tabs too; returns a function that unsubscribes. */
  onChange(listener: (isSignedIn: boolean) => void): () => void;
  /** An access token for your own API, refreshed if it is about to expire; undefined if nobody is signed in. */
  getAccessToken(options?: CallOptions): Promise<string | undefined>;
  /** `fetch` for your own API: sends the access token to `apiOrigins` only, and refreshes it once after a 401. */
  readonly fetch: typeof globalThis.fetch;
  /** Iterates over users, fetching a page at a time. */
  eachUser(query?: ListQuery, options?: CallOptions): AsyncGenerator<User, void, undefined>;
}

/** Creates a client. It sends nothing by itself. */
export function createClient(options: ClientOptions): Client {
  const { baseUrl, tokens: store = memoryTokenStore(), retry = {}, onSignedOut } = options;
  // A browser's fetch must be called on the window.
  const fetch: Fetch = options.fetch ?? ((request, init) => globalThis.fetch(request, init));
  const transport = createTransport({ fetch, retry, session: () => session });
  const { login, logout, refreshTokens, reauthenticate, ...others } = createOperations(baseUrl, transport);
  const exchange = (refresh_token: string) => refreshTokens({ refresh_token });
  const session = new Session({ store, exchange, onSignedOut });
  const device = deviceOf(store);

  return {
    ...others,
    fetch: createAuthorizedFetch(fetch, session, options.apiOrigins ?? pageOrigin()),
    onChange: (listener) => session.onChange(listener),
    isSignedIn: async () => (await session.read()) !== undefined,
    getAccessToken: async ({ signal } = {}) => (await session.tokens(signal))?.accessToken,
    async signIn(email, password, callOptions) {
      const sentAt = Date.now();
      const device_token = await device.read();
      const pair = await login({ email, password, ...(device_token && { device_token }) }, callOptions);
      if (pair.device_token) await device.keep(pair.device_token);
      await session.keep(toTokens(pair, sentAt, randomKey()));
    },
    async signOut(callOptions) {
      try {
        if (await session.read()) await logout(callOptions);
      } catch (error) {
        const isOver = error instanceof ProblemError && error.status === 401;
        if (!isOver) throw error;
      } finally {
        await session.keep(undefined);
      }
    },
    async reauthenticate(password, callOptions) {
      const before = await session.read();
      const sentAt = Date.now();
      const pair = await reauthenticate({ password }, callOptions);
      if (before) await session.renewAccess(toTokens(pair, sentAt, before.session));
    },
    async *eachUser(query = {}, callOptions) {
      let page = await others.listUsers({ limit: 100, ...query }, callOptions);
      yield* page.items;
      while (page.next_cursor !== null) {
        page = await others.listUsers({ limit: 100, ...query, cursor: page.next_cursor }, callOptions);
        yield* page.items;
      }
    },
  };
}

function pageOrigin(): string[] {
  const { location } = globalThis as { location?: { origin?: string } };
  return location?.origin?.startsWith('http') ? [location.origin] : [];
}

interface AnyOptions {
  readonly signal?: AbortSignal;
  readonly ifMatch?: string;
  readonly idempotencyKey?: string;
}

/** Each operation as a function of its path parameters, body, query and options, where it has them. */
function createOperations(baseUrl: string, send: (request: Outgoing) => Promise<unknown>): Operations {
  const origin = originOf(baseUrl);
  const call =
    (id: OperationId) =>
    async (...given: unknown[]) => {
      const { path, takesBody, takesQuery } = operations[id];
      const url = origin + path.replaceAll(/\{(\w+)\}/g, (_, name: string) => segment(given.shift(), name));
      const body = takesBody ? JSON.stringify(given.shift()) : undefined;
      const query = takesQuery ? toQuery(given.shift()) : '';
      const { signal, ifMatch, idempotencyKey } = (given.shift() ?? {}) as AnyOptions;
      const headers = {
        Accept: 'application/json, application/problem+json',
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(ifMatch !== undefined && { 'If-Match': ifMatch }),
        ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
      };
      return send({ id, url: url + query, headers, ...(body !== undefined && { body }), signal });
    };
  const ids = Object.keys(operations) as OperationId[];
  return Object.fromEntries(ids.map((id) => [id, call(id)])) as unknown as Operations;
}

// React Native's URL tells no parts, so an expression does. The value isn't shown, since it may have a password.
const basePattern = /^(?:https?:\/\/[^\s/?#@\\]+)?(?:\/[^\s/?#\\]+)*$/i;

function originOf(baseUrl: string): string {
  const place = baseUrl.replace(/\/+$/, '');
  if (!basePattern.test(place)) {
    throw new TypeError('baseUrl must be a URL such as https://accounts.example.com, without user, query and fragment');
  }
  return place.endsWith(basePath) ? place.slice(0, -basePath.length) : place;
}

// An empty segment or a dot would lead to a different path.
function segment(value: unknown, name: string): string {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  if (/^\.{0,2}$/.test(text)) throw new TypeError(`${name} is missing`);
  return encodeURIComponent(text);
}

function toQuery(given: unknown): string {
  const pairs = Object.entries((given ?? {}) as Record<string, unknown>).filter(([, value]) => value !== undefined);
  const text = pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
  return text.length > 0 ? `?${text.join('&')}` : '';
}
