import createFetchClient, { type Client as HttpClient } from 'openapi-fetch';
import { basePath, operations, type components, type OperationId, type Operations, type paths } from './contract.ts';
import { ProblemError, toError } from './problems.ts';
import { randomKey } from './random.ts';
import { Session, toTokens } from './session.ts';
import { memoryTokenStore, type TokenStore } from './tokens.ts';
import { createTransport, type Fetch, type RetryOptions } from './transport.ts';
import type { Call } from './calls.ts';

/** What a client is made with. */
export interface ClientOptions {
  /** Where the service stands, such as `https://accounts.example.com`; in a browser `''` is the origin of the page. */
  readonly baseUrl: string;
  /** Where the tokens are kept; in memory, when left out. */
  readonly tokens?: TokenStore;
  /** Sends the requests; the platform's `fetch`, when left out. */
  readonly fetch?: Fetch;
  readonly retry?: RetryOptions;
  /** Called when the session ended without `signOut`: the refresh token was refused, and the tokens are forgotten. */
  readonly onSignedOut?: (problem: ProblemError) => void;
}

/** What a call may be given besides what it sends. */
export interface CallOptions {
  readonly signal?: AbortSignal;
}

type User = components['schemas']['User'];
type ListQuery = Omit<NonNullable<Call<'listUsers'>['query']>, 'page' | 'cursor'>;
type OfTheSession = 'login' | 'logout' | 'refreshTokens';

/**
 * A client of the service. Each operation of the contract is a method, which gives the body of a success and throws for
 * anything else: a `ProblemError`, a `NetworkError`, an `UnexpectedAnswerError` or the reason of an aborted signal.
 */
export interface Client extends Omit<Operations, OfTheSession> {
  /** Begins a session and keeps its tokens. */
  signIn(email: string, password: string, options?: CallOptions): Promise<void>;
  /** Ends the session. The tokens are forgotten even when the service can not be told, which is thrown. */
  signOut(options?: CallOptions): Promise<void>;
  /** Reads the users one after the other, a page at a time. */
  eachUser(call?: { readonly query?: ListQuery } & CallOptions): AsyncGenerator<User, void, undefined>;
  /** The client by path, for the headers of an answer. It gives refusals back as `error` and throws the rest. */
  readonly http: HttpClient<paths>;
}

/** Makes a client. It sends nothing until it is asked to. */
export function createClient(options: ClientOptions): Client {
  const { baseUrl, tokens: store = memoryTokenStore(), retry = {}, onSignedOut } = options;
  // A browser's fetch works only as a function of the window.
  const fetch = options.fetch ?? ((request: Request) => globalThis.fetch(request));
  const transport = createTransport({ fetch, retry, session: () => session });
  const http = createFetchClient<paths>({ baseUrl: baseUrl.replace(/\/+$/, '') + basePath, fetch: transport });
  const { login, logout, refreshTokens, ...others } = createOperations(http);
  const exchange = (refresh_token: string) => refreshTokens({ body: { refresh_token } });
  const session = new Session({ store, exchange, onSignedOut });

  return {
    ...others,
    http,
    async signIn(email, password, callOptions = {}) {
      const sentAt = Date.now();
      const pair = await login({ body: { email, password }, ...callOptions });
      await session.keep(toTokens(pair, sentAt, randomKey()));
    },
    async signOut(callOptions = {}) {
      try {
        if (await store.get()) await logout(callOptions);
      } catch (error) {
        const isOver = error instanceof ProblemError && error.status === 401;
        if (!isOver) throw error;
      } finally {
        await session.keep(undefined);
      }
    },
    async *eachUser({ query = {}, ...callOptions } = {}) {
      let page = await others.listUsers({ query: { limit: 100, ...query }, ...callOptions });
      yield* page.items;
      while (page.next_cursor !== null) {
        page = await others.listUsers({ query: { limit: 100, ...query, cursor: page.next_cursor }, ...callOptions });
        yield* page.items;
      }
    },
  };
}

type AnyCall = { body?: unknown; signal?: AbortSignal } & Record<string, unknown>;
type AnyRequest = (
  method: string,
  path: string,
  init: object,
) => Promise<{ data?: unknown; error?: unknown; response: Response }>;

function createOperations(http: HttpClient<paths>): Operations {
  const request = http.request as unknown as AnyRequest;
  const call =
    (id: OperationId) =>
    async ({ body, signal, ...params }: AnyCall = {}) => {
      const { method, path } = operations[id];
      const init = { params, ...(body !== undefined && { body }), ...(signal && { signal }) };
      const { data, error, response } = await request(method, path, init);
      if (!response.ok) throw toError(error, response);
      return data;
    };
  const ids = Object.keys(operations) as OperationId[];
  return Object.fromEntries(ids.map((id) => [id, call(id)])) as unknown as Operations;
}
