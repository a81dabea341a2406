import type { Request, RequestHandler, Response } from 'express';
import { operations } from '../../generated/operations.ts';
import { maxUserAgentLength, type Client } from '../access/client.ts';
import type { Database, Db } from '../platform/database/database.ts';
import { isNamed } from './entity-tags.ts';
import type { KeptReply, Once, RepeatRule, RepeatRules } from './idempotency.ts';
import type { Bytes, Handlers, OperationId, OperationRequest, Shown } from './operation.ts';

/** What `createAnswer` combines. */
export interface AnswerParts {
  readonly handlers: Handlers;
  readonly transaction: Database['transaction'];
  readonly once: Once;
  readonly repeatRules: RepeatRules;
}

// The compiler has checked each handler against its own operation; here they all have the same type.
type AnyRequest = OperationRequest<OperationId>;
type AnyCommit = (db: Db) => Promise<KeptReply & Shown>;
type AnyHandler = (request: AnyRequest) => Promise<KeptReply | AnyCommit>;
type AnyRule = (request: AnyRequest) => RepeatRule;

/**
 * Creates the last step of an operation: runs its handler, runs the commit that this may return in a transaction, and sends the reply.
 * If the operation takes an `Idempotency-Key`, a repeat gets the first reply. Throws if it is public too, but has no repeat rule.
 */
export function createAnswer(parts: AnswerParts): (id: OperationId) => RequestHandler {
  return (id) => {
    const handle = parts.handlers[id] as unknown as AnyHandler;
    const reply = operations[id].takesIdempotencyKey ? replyOnce(id, handle, parts) : replyEachTime(handle, parts);
    const send = operations[id].hasBinaryReply ? sendBytes : sendJson;
    return async (request, response) => send(response, await reply(request));
  };
}

type ReplyTo = (request: Request) => Promise<KeptReply>;

function replyEachTime(handle: AnyHandler, { transaction }: AnswerParts): ReplyTo {
  return async (request) => {
    const done = await handle(new ReceivedRequest(request));
    return typeof done === 'function' ? transaction(done) : done;
  };
}

function replyOnce(id: OperationId, handle: AnyHandler, { transaction, once, repeatRules }: AnswerParts): ReplyTo {
  const ruleOf = repeatRules[id] as AnyRule | undefined;
  if (operations[id].access === 'public' && !ruleOf) throw new Error(`${id} has no rule that tells senders apart`);
  return (request) => {
    const received = new ReceivedRequest(request);
    const { id: principalId, user } = request.principal ?? {};
    const { scope = [], body = received.body, admit } = ruleOf?.(received) ?? {};
    const key = request.get('Idempotency-Key');
    return once({ scope: [id, ...scope], principalId, key, body, admit }, async (keep) => {
      const commit = (await handle(received)) as AnyCommit;
      return transaction(async (db) => {
        const { shows = user?.id, ...reply } = await commit(db);
        if (shows === undefined) throw new Error(`the reply of ${id} does not say which user it shows`);
        await keep(db, reply, shows);
        return reply;
      });
    });
  };
}

/** A request as handlers see it. Its signal is created only if one asks for it. */
class ReceivedRequest implements AnyRequest {
  readonly #request: Request;

  constructor(request: Request) {
    this.#request = request;
  }

  get params() {
    return this.#request.params as unknown as AnyRequest['params'];
  }

  get query() {
    return this.#request.query as unknown as AnyRequest['query'];
  }

  get headers() {
    return this.#request.headers as unknown as AnyRequest['headers'];
  }

  get body() {
    return this.#request.body as AnyRequest['body'];
  }

  get cookie() {
    return this.#request.headers.cookie;
  }

  get principal() {
    return this.#request.principal as unknown as AnyRequest['principal'];
  }

  get client(): Client {
    const { clientIp: address, id: requestId } = this.#request;
    return { address, userAgent: this.#request.get('User-Agent')?.slice(0, maxUserAgentLength), requestId };
  }

  get signal() {
    const { res: response } = this.#request;
    const disconnected = new AbortController();
    if (response?.destroyed) disconnected.abort();
    else response?.once('close', () => disconnected.abort());
    return disconnected.signal;
  }
}

/** Sets status and headers; ends the response, and returns false, if it has no body. */
function begin(response: Response, { status, headers, body }: KeptReply): boolean {
  response.status(status);
  response.setHeader('Cache-Control', 'no-store');
  for (const [header, value] of Object.entries(headers)) response.setHeader(header, value);
  const isKept = 'Cache-Control' in headers && isNamed(response.req.headers['if-none-match'], headers['ETag']);
  if (isKept) response.status(304);
  if (body !== undefined && !isKept) return true;
  response.end();
  return false;
}

function sendJson(response: Response, reply: KeptReply): void {
  if (!begin(response, reply)) return;
  const text = JSON.stringify(reply.body);
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Content-Length', Buffer.byteLength(text));
  // As text, Node writes it together with the headers.
  response.end(text);
}

function sendBytes(response: Response, reply: KeptReply): void {
  if (!begin(response, reply)) return;
  const { mediaType, bytes } = reply.body as Bytes;
  response.setHeader('Content-Type', mediaType);
  response.setHeader('Content-Length', bytes.length);
  response.end(bytes);
}
