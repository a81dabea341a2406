import { basePath, operations, type OperationId } from './contract.ts';
import { NetworkError, retryAfter, toError, UnexpectedAnswerError } from './problems.ts';
import { randomKey } from './random.ts';
import type { Session } from './session.ts';
import type { Tokens } from './tokens.ts';
import { pause, until } from './waiting.ts';

/** How requests are repeated that the service could not take. */
export interface RetryOptions {
  /** How often a request is sent at the most. 1 repeats none. */
  readonly attempts?: number;
  /** The longest Retry-After to wait for; after a longer one the problem is thrown at once. */
  readonly maxWaitSeconds?: number;
}

/** Sends a request, such as the platform's `fetch`. */
export type Fetch = (request: Request) => Promise<Response>;

/** What a transport needs. */
export interface TransportParts {
  readonly fetch: Fetch;
  readonly retry: RetryOptions;
  /** Asked at the first request, because the session sends its own through the transport. */
  readonly session: () => Session;
}

const patterns = Object.entries(operations).map(([id, operation]) => ({
  id: id as OperationId,
  ...operation,
  pattern: new RegExp(`${basePath}${operation.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
}));
const idempotentMethods = ['GET', 'HEAD', 'PUT', 'DELETE'];

/** Makes the `fetch` that authenticates, renews tokens and repeats what is safe to repeat. */
export function createTransport({ fetch, retry, session }: TransportParts): Fetch {
  const { attempts = 3, maxWaitSeconds = 60 } = retry;

  async function sendPatiently(request: Request): Promise<Response> {
    for (let attempt = 1; ; attempt += 1) {
      const response = await sendOnce(request.clone(), fetch);
      const seconds = retryAfter(response);
      if (attempt >= attempts || seconds === undefined || seconds > maxWaitSeconds) return response;
      if (!isRepeatable(request, response.status)) return response;
      await pause(seconds, request.signal);
    }
  }

  return async (request) => {
    const operation = findOperation(request);
    if (operation?.takesKey && !request.headers.has('Idempotency-Key')) {
      request.headers.set('Idempotency-Key', randomKey());
    }
    if (!operation?.secured || request.headers.has('Authorization')) return sendPatiently(request);
    const tokens = await until(session().tokens(request.signal), request.signal);
    const response = await sendPatiently(authorized(request, tokens));
    if (!tokens || !(await refusesToken(response))) return response;
    const renewed = await session().renew(tokens, request.signal);
    // Somebody else may have signed in meanwhile, for whom this request was not meant.
    return renewed?.session === tokens.session ? sendPatiently(authorized(request, renewed)) : response;
  };
}

function findOperation({ method, url }: Request) {
  const { pathname } = new URL(url);
  return patterns.find((operation) => operation.method === method && operation.pattern.test(pathname));
}

// A 429 was refused before anything happened. After a 503 that can not be said, so what must not happen twice is left to the
// caller; a refresh has nothing to lose, since without its answer the session is lost anyway.
function isRepeatable(request: Request, status: number): boolean {
  if (status === 429) return true;
  const operation = findOperation(request);
  if (status !== 503 || operation?.id === 'getReadiness' || request.headers.has('If-Match')) return false;
  const isSafe = idempotentMethods.includes(request.method) || request.headers.has('Idempotency-Key');
  return isSafe || operation?.id === 'refreshTokens';
}

async function sendOnce(request: Request, fetch: Fetch): Promise<Response> {
  const { signal } = request;
  const response = await until(fetch(request).then(readWhole), signal).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : new NetworkError(error);
  });
  const isJson = /^application\/(.+\+)?json\b/i.test(response.headers.get('Content-Type') ?? '');
  if (response.ok && response.body && !isJson) throw new UnexpectedAnswerError(response);
  return response;
}

// A connection that breaks off in the middle of a body is found here, where it can be told from a mistake.
async function readWhole(response: Response): Promise<Response> {
  const bytes = await response.arrayBuffer();
  const { status, statusText, headers } = response;
  return new Response(bytes.byteLength > 0 ? bytes : null, { status, statusText, headers });
}

function authorized(request: Request, tokens: Tokens | undefined): Request {
  const copy = request.clone();
  if (tokens) copy.headers.set('Authorization', `Bearer ${tokens.accessToken}`);
  return copy;
}

async function refusesToken(response: Response): Promise<boolean> {
  if (response.status !== 401) return false;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  const error = toError(body, response);
  return 'code' in error && error.code === 'invalid_token';
}
