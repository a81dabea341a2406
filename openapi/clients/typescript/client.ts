import { createAuthorizedFetch } from './authorized-fetch.ts';
import { browserPasskeys } from './browser-passkeys.ts';
import { cookieTokenStore, withCookies } from './browser-session.ts';
import type { CallOptions, Query, Reply } from './calls.ts';
import type { AskForSecondFactor } from './challenges.ts';
import type { components, Operations } from './contract.ts';
import type { Passkeys } from './passkeys.ts';
import type { ProblemError } from './problems.ts';
import { createOperations } from './requests.ts';
import { Session } from './session.ts';
import { createSignIn, ofTheSession, type SignIn } from './sign-in.ts';
import { withStepUp } from './step-up.ts';
import { deviceOf, memoryTokenStore, type TokenStore } from './tokens.ts';
import { createTransport, type Fetch, type RetryOptions } from './transport.ts';

/** Options of `createClient`. */
export interface ClientOptions {
  /** The service's URL, such as `https://accounts.example.com`, with or without `/api/v1`; in a browser, `''` is the page's origin. */
  readonly baseUrl: string;
  /** Where to store the tokens; in memory by default. */
  readonly tokens?: TokenStore;
  /**
   * `cookie` for pages of the service's own site: cookies that no script can read keep the session, across reloads and tabs, and access
   * tokens are in memory only. Then there are no `tokens`, and the first call finds out whether somebody is signed in.
   */
  readonly session?: 'cookie';
  /** Where `client.fetch` may send the access token, such as `https://api.example.com`; the page's origin by default. */
  readonly apiOrigins?: readonly string[];
  /** Sends the requests; the platform's `fetch` by default. */
  readonly fetch?: Fetch;
  readonly retry?: RetryOptions;
  /** What keeps passkeys; the browser by default. */
  readonly passkeys?: Passkeys;
  /**
   * Called once when the session ends other than by this client's `signOut`: with the problem if the refresh token was rejected, with
   * nothing if another tab or client of the same store signed out. The tokens are gone by then.
   */
  readonly onSignedOut?: (problem?: ProblemError) => void;
  /**
   * Called when someone who signs in or reauthenticates has a second factor: ask for a code or a passkey, by `challenge.factors`. After a
   * wrong code, or when no passkey was used, it is called again, with the error: offer another way then. What it throws, the call throws.
   * Without it, the call throws the problem, and `answerChallenge` goes on.
   */
  readonly askForSecondFactor?: AskForSecondFactor;
  /**
   * Called when a call needs a more recent sign-in, once for simultaneous calls: have the person prove who they are with the given client,
   * by its `reauthenticate` or `reauthenticateWithPasskey`, say. The call is then repeated once. What this throws, the call throws. Without it, the call throws the problem.
   */
  readonly proveAgain?: (client: Client, problem: ProblemError) => Promise<void>;
}

type User = components['schemas']['User'];
type ListQuery = Omit<Query<'listUsers'>, 'page' | 'cursor'>;
type OfTheSession = (typeof ofTheSession)[number];
type OfTheTokens = 'fetch' | 'onChange' | 'isSignedIn' | 'getAccessToken';

/**
 * A client of the service. Each operation of the contract is a method that returns the response body, or throws: a `ProblemError`, a
 * `NetworkError`, an `UnexpectedAnswerError`, or the reason of an aborted signal.
 */
export interface Client extends Omit<Operations, OfTheSession>, SignIn {
  /** Whether there are tokens. Only the service knows whether they still work. With cookies, it is asked when the page has loaded. */
  isSignedIn(): Promise<boolean>;
  /** Calls `listener` each time someone signs in or out, in other tabs too; returns a function that unsubscribes. */
  onChange(listener: (isSignedIn: boolean) => void): () => void;
  /** An access token for your own API, refreshed if it is about to expire; undefined if nobody is signed in. */
  getAccessToken(options?: CallOptions): Promise<string | undefined>;
  /** `fetch` for your own API: sends the access token to `apiOrigins` only, and refreshes it once after a 401. */
  readonly fetch: typeof globalThis.fetch;
  /**
   * Has the person make a passkey, and registers it. The first factor comes with recovery codes, to be shown once. Without a name, it is
   * called by the browser and device. Throws a `PasskeyError` if none is made.
   */
  addPasskey(name?: string, options?: CallOptions): Promise<Reply<'registerPasskey'>>;
  /** Iterates over users, fetching a page at a time. */
  eachUser(query?: ListQuery, options?: CallOptions): AsyncGenerator<User, void, undefined>;
}

/** Creates a client. It sends nothing by itself. */
export function createClient(options: ClientOptions): Client {
  const {
    baseUrl,
    session: transport,
    tokens: store = transport ? cookieTokenStore(`latchkey ${baseUrl}`) : memoryTokenStore(),
    retry = {},
    onSignedOut,
    askForSecondFactor,
    proveAgain,
  } = options;
  if (transport && options.tokens) throw new TypeError('tokens are not stored in a session by cookie; leave them out');
  const { passkeys = browserPasskeys } = options;
  // A browser's fetch must be called on the window.
  const fetch: Fetch = options.fetch ?? ((request, init) => globalThis.fetch(request, init));
  const send = createTransport({ fetch, retry, session: () => session });
  const sent = createOperations(baseUrl, send, transport);
  const operations = transport ? withCookies(sent) : sent;
  const exchange = (refresh_token: string) => operations.refreshTokens({ refresh_token });
  const hasCookies = transport !== undefined;
  const session = new Session({ store, exchange, mayResume: hasCookies, onSignedOut });
  const shared = {
    ...createSignIn({ operations, session, hasCookies, device: deviceOf(store), passkeys, askForSecondFactor }),
    fetch: createAuthorizedFetch(fetch, session, options.apiOrigins ?? pageOrigin()),
    onChange: (listener: (isSignedIn: boolean) => void) => session.onChange(listener),
    isSignedIn: async () => (await session.find()) !== undefined,
    getAccessToken: async ({ signal }: CallOptions = {}) => (await session.tokens(signal))?.accessToken,
  };
  const client = { ...methodsOf(operations, passkeys), ...shared };
  if (!proveAgain) return client;
  const prove = (problem: ProblemError) => proveAgain(client, problem);
  return { ...methodsOf(createOperations(baseUrl, withStepUp({ send, session, prove })), passkeys), ...shared };
}

/** What the client offers of the operations, and what it makes of them. */
function methodsOf(operations: Operations, passkeys: Passkeys): Omit<Client, keyof SignIn | OfTheTokens> {
  const { listUsers, beginPasskeyRegistration, registerPasskey } = operations;
  const own = new Set<string>(ofTheSession);
  const others = Object.fromEntries(Object.entries(operations).filter(([id]) => !own.has(id)));
  return {
    ...(others as unknown as Omit<Operations, OfTheSession>),
    async addPasskey(name, options = {}) {
      const { public_key } = await beginPasskeyRegistration(options);
      const credential = await passkeys.create(public_key, options);
      return registerPasskey({ credential, ...(name !== undefined && { name }) }, options);
    },
    async *eachUser(query = {}, options) {
      let page = await listUsers({ limit: 100, ...query }, options);
      yield* page.items;
      while (page.next_cursor !== null) {
        page = await listUsers({ limit: 100, ...query, cursor: page.next_cursor }, options);
        yield* page.items;
      }
    },
  };
}

function pageOrigin(): string[] {
  const { location } = globalThis as { location?: { origin?: string } };
  return location?.origin?.startsWith('http') ? [location.origin] : [];
}
