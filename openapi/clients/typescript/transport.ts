import type { OperationId } from './contract.ts';
import { operations } from './contract.ts';
import { isProblem, NetworkError, ProblemError, retryAfter, UnexpectedAnswerError } from './problems.ts';
import { randomKey } from './random.ts';
import type { Session } from './session.ts';
import type { Tokens } from './tokens.ts';
import { pause, until } from './waiting.ts';

/** How to retry requests that the service could not handle. */
export interface RetryOptions {
  /** The maximum number of attempts; 1 means no retries. */
  readonly attempts?: number;
  /** The maximum total wait of a call; if a retry would exceed it, the problem is thrown at once. */
  readonly maxWaitSeconds?: number;
}

/** Sends a request, as the platform's `fetch` does. */
export type Fetch = (request: string | Request, init?: RequestInit) => Promise<Response>;

/** A request for an operation. */
export interface Outgoing {
  readonly id: OperationId;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body?: string | Blob;
  readonly signal?: AbortSignal | undefined;
}

/** Sends a request; returns the response body, or throws. */
export type Send = (request: Outgoing) => Promise<unknown>;

/** What a transport depends on. */
export interface TransportParts {
  readonly fetch: Fetch;
  readonly retry: RetryOptions;
  /** Called at the first request, since the session itself sends through the transport. */
  readonly session: () => Session;
}

interface Answer {
  readonly response: Response;
  readonly body: unknown;
}

/** Creates the function that sends operations: it authenticates, refreshes tokens and retries what is safe to retry. */
export function createTransport({ fetch, retry, session }: TransportParts): Send {
  const { attempts = 3, maxWaitSeconds = 60 } = retry;

  async function sendWithRetries(request: Outgoing, tokens?: Tokens): Promise<Answer> {
    let left = maxWaitSeconds;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await sendOnce(request, tokens, fetch);
      const seconds = retryAfter(answer.response.headers);
      if (attempt >= attempts || seconds === undefined || seconds > left) return answer;
      if (!isRepeatable(request, answer.response.status)) return answer;
      left -= seconds;
      await pause(seconds, request.signal);
    }
  }

  async function sendAuthorized(request: Outgoing): Promise<Answer> {
    const tokens = await until(session().tokens(request.signal), request.signal);
    const answer = await sendWithRetries(request, tokens);
    const isRefused = isProblem(answer.body) && answer.body.code === 'invalid_token';
    if (!tokens || !isRefused) return answer;
    const renewed = await session().renew(tokens, request.signal);
    // Someone else may have signed in meanwhile; this request was not meant for them.
    return renewed?.session === tokens.session ? sendWithRetries(request, renewed) : answer;
  }

  return async (outgoing) => {
    const { secured, takesKey } = operations[outgoing.id];
    const headers = takesKey ? { 'Idempotency-Key': randomKey(), ...outgoing.headers } : outgoing.headers;
    const request = { ...outgoing, headers };
    const { response, body } = await (secured ? sendAuthorized(request) : sendWithRetries(request));
    if (response.ok && changingMethods.includes(outgoing.id)) await session().outdate();
    if (response.ok) return body;
    throw new ProblemError(body as ProblemError['problem'], response);
  };
}

// The session has a second factor then, which its next access token says.
const changingMethods: OperationId[] = ['confirmTotp', 'registerPasskey'];

const refreshes: OperationId[] = ['refreshTokens', 'continueBrowserSession'];

// After a 429 nothing has happened, but a person at a form should not be kept waiting. After a 503 something may have happened, so what
// must not happen twice is left to the caller. A refresh is retried, since a repeat gets the same tokens.
function isRepeatable({ id, headers }: Outgoing, status: number): boolean {
  const { method, typed } = operations[id];
  if (status === 429) return !typed;
  if (status !== 503 || id === 'getReadiness' || 'If-Match' in headers) return false;
  return ['GET', 'PUT', 'DELETE'].includes(method) || 'Idempotency-Key' in headers || refreshes.includes(id);
}

async function sendOnce(request: Outgoing, tokens: Tokens | undefined, fetch: Fetch): Promise<Answer> {
  const { id, url, body: sent, signal } = request;
  const headers = { ...request.headers, ...(tokens && { Authorization: `Bearer ${tokens.accessToken}` }) };
  // A response that sets cookies should arrive although the page is left meanwhile.
  const withCookies = 'Session-Transport' in headers && ({ credentials: 'include', keepalive: true } as const);
  const { method } = operations[id];
  const init = { method, headers, ...withCookies, ...(sent && { body: sent }), ...(signal && { signal }) };
  const whole = async () => {
    const response = await fetch(url, init);
    const isBytes = operations[id].returnsBytes && response.ok && isPicture(response);
    return isBytes ? { response, bytes: await response.blob() } : { response, text: await response.text() };
  };
  signal?.throwIfAborted();
  const {
    response,
    text = '',
    bytes,
  } = await until(whole(), signal).catch((error: unknown) => {
    throw signal?.aborted ? signal.reason : new NetworkError(error);
  });
  if (bytes) return { response, body: bytes };
  const body = text && isJson(response) ? parse(text) : undefined;
  const isExpected = response.ok ? isAnswer(id, body, text) : isProblem(body);
  if (!isExpected) throw new UnexpectedAnswerError(url, response, text);
  return { response, body };
}

function isAnswer(id: OperationId, body: unknown, text: string): boolean {
  return !operations[id].returnsBytes && (body !== undefined || text === '');
}

function isPicture({ headers }: Response): boolean {
  return /^image\//i.test(headers.get('Content-Type') ?? '');
}

function isJson({ headers }: Response): boolean {
  return /^application\/(.+\+)?json\b/i.test(headers.get('Content-Type') ?? '');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
