import { createAuthorizedFetch } from './authorized-fetch.ts';
import type { CallOptions, Query } from './calls.ts';
import { basePath, operations, type components, type OperationId, type Operations } from './contract.ts';
import { ProblemError } from './problems.ts';
import { randomKey } from './random.ts';
import { Session, toTokens } from './session.ts';
import { memoryTokenStore, type TokenStore } from './tokens.ts';
import { createTransport, type Fetch, type Outgoing, type RetryOptions } from './transport.ts';

/** What a client is made with. */
export interface ClientOptions {
  /** Where the service is, such as `https://accounts.example.com`, with `/api/v1` or without; in a browser `''` is the page's origin. */
  readonly baseUrl: string;
  /** Where the tokens are kept; in memory, when left out. */
  readonly tokens?: TokenStore;
  /** Where `client.fetch` may send the access token, such as `https://api.example.com`; else the origin of the page. */
  readonly apiOrigins?: readonly string[];
  /** Sends the requests; the platform's `fetch`, when left out. */
  readonly fetch?: Fetch;
  readonly retry?: RetryOptions;
  /**
   * Called once when the session ended without this client's `signOut`: with the problem when the refresh token was refused, with
   * nothing when another tab or client of the same store signed out. The tokens are forgotten.
   */
  readonly onSignedOut?: (problem?: ProblemError) => void;
}

type User = components['schemas']['User'];
type ListQuery = Omit<Query<'listUsers'>, 'page' | 'cursor'>;
type OfTheSession = 'login' | 'logout' | 'refreshTokens';

/**
 * A client of the service. Each operation of the contract is a method, which gives the body of a success and throws for
 * anything else: a `ProblemError`, a `NetworkError`, an `UnexpectedAnswerError` or the reason of an aborted signal.
 */
export interface Client extends Omit<Operations, OfTheSession> {
  /** Begins a session and keeps its tokens. Never waits: after a 429 it throws at once, with `retryAfterSeconds`. */
  signIn(email: string, password: string, options?: CallOptions): Promise<void>;
  /** Ends the session. The tokens are forgotten even when the service cannot be told, which is thrown. */
  signOut(options?: CallOptions): Promise<void>;
  /** Whether tokens are kept. Whether they still work, only the service knows. */
  isSignedIn(): Promise<boolean>;
  /** Calls `listener` each time somebody signed in or out, in other tabs too; gives a function that ends it. */
  onChange(listener: (isSignedIn: boolean) => void): () => void;
  /** An access token for your own API, renewed when it is about to end; nothing when nobody is signed in. */
  getAccessToken(options?: CallOptions): Promise<string | undefined>;
  /** `fetch` for your own API: sends the access token to `apiOrigins` and nowhere else, and renews it once after a 401. */
  readonly fetch: typeof globalThis.fetch;
  /** Reads the users one after the other, a page at a time. */
  eachUser(query?: ListQuery, options?: CallOptions): AsyncGenerator<User, void, undefined>;
}

/** Makes a client. It sends nothing until it is asked to. */
export function createClient(options: ClientOptions): Client {
  const { baseUrl, tokens: store = memoryTokenStore(), retry = {}, onSignedOut } = options;
  // A browser's fetch works only as a function of the window.
  const fetch: Fetch = options.fetch ?? ((request, init) => globalThis.fetch(request, init));
  const transport = createTransport({ fetch, retry, session: () => session });
  const { login, logout, refreshTokens, ...others } = createOperations(baseUrl, transport);
  const exchange = (refresh_token: string) => refreshTokens({ refresh_token });
  const session = new Session({ store, exchange, onSignedOut });

  return {
    ...others,
    fetch: createAuthorizedFetch(fetch, session, options.apiOrigins ?? pageOrigin()),
    onChange: (listener) => session.onChange(listener),
    isSignedIn: async () => (await session.read()) !== undefined,
    getAccessToken: async ({ signal } = {}) => (await session.tokens(signal))?.accessToken,
    async signIn(email, password, callOptions) {
      const sentAt = Date.now();
      const pair = await login({ email, password }, callOptions);
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

/** Each operation as a function: of the parameters of its path, its body, its query and options, as far as it has them. */
function createOperations(baseUrl: string, send: (request: Outgoing) => Promise<unknown>): Operations {
  const place = baseUrl.replace(/\/+$/, '');
  const base = place.endsWith(basePath) ? place : place + basePath;
  const call =
    (id: OperationId) =>
    async (...given: unknown[]) => {
      const { path, takesBody, takesQuery } = operations[id];
      const url = base + path.replaceAll(/\{(\w+)\}/g, (_, name: string) => segment(given.shift(), name));
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

// An empty segment and a dot would lead to another path.
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
