import { createServer, IncomingMessage, maxHeaderSize, ServerResponse, STATUS_CODES, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';
import { randomUUID } from 'node:crypto';
import { ServiceError } from '../platform/errors.ts';
import { originForm } from './message.ts';
import { describeProblem } from './problems.ts';
import { endIfUnread, endUnreadBodies } from './unread-body.ts';

/** Times in seconds. */
export interface ServerOptions {
  readonly requestTimeoutSeconds: number;
  readonly keepAliveSeconds: number;
  readonly publicUrl: string;
}

// What a connection may take to send a request's headers, its first as well; who only holds it open loses it then.
const headersSeconds = 15;
// Longer than anything here takes: what stands still for this long is a client that does not read its answer.
const leastIdleSeconds = 120;

/** Makes the HTTP server of an application. It does not listen yet. */
export function createHttpServer(app: Express, options: ServerOptions): Server {
  // Express gives each request and response its prototypes; made with them, they need no slow change (on Node 20, two thirds).
  const server = createServer(
    {
      IncomingMessage: withPrototype(IncomingMessage, app.request),
      ServerResponse: withPrototype(ServerResponse, app.response),
      requestTimeout: options.requestTimeoutSeconds * 1000,
      headersTimeout: Math.min(options.requestTimeoutSeconds, headersSeconds) * 1000,
      connectionsCheckingInterval: 1000,
      keepAliveTimeout: options.keepAliveSeconds * 1000,
      // The application refuses a request without Host, since Node would do it without a problem document.
      requireHostHeader: false,
    },
    app,
  );
  // Node would drop what comes after the first thousand, a second Host or a length among them; their size is bounded.
  server.maxHeadersCount = 0;
  server.timeout = Math.max(options.requestTimeoutSeconds, leastIdleSeconds) * 1000;
  // Who asks before sending a body is told to go on where that body is read, and not before (RFC 9110, section 10.1.1).
  server.on('checkContinue', (request, response) => {
    if (request.headers.expect?.toLowerCase() === '100-continue') server.emit('request', request, response);
    else refuseExpectation(request, response, options.publicUrl);
  });
  server.on('checkExpectation', (request, response) => refuseExpectation(request, response, options.publicUrl));
  endUnreadBodies(server);
  // Express would look for `http://host/path` elsewhere.
  server.prependListener('request', (request) => {
    if (request.url?.startsWith('/') === false) request.url = originForm(request.url);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    refuseUnreadable(error, socket, options.publicUrl);
  });
  return server;
}

// Called and not constructed: what `Reflect.construct` makes of another prototype is five times as slow.
function withPrototype<Constructor extends object>(base: Constructor, prototype: object): Constructor {
  const make = base as unknown as (this: object, first: unknown, second: unknown) => void;
  function Message(this: object, first: unknown, second: unknown): void {
    make.call(this, first, second);
  }
  Message.prototype = prototype;
  return Message as unknown as Constructor;
}

const refusals: Readonly<Record<string, readonly [status: number, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [431, `The address and the headers may hold at most ${maxHeaderSize} bytes.`],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request took too long to arrive.'],
};

// What Node's parser refuses never becomes a request, so the answer is written by hand, as a problem document all the same.
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex, publicUrl: string): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, detail] = refusals[error.code ?? ''] ?? [400, undefined];
  const { headers, body } = describeRefusal(status, detail, publicUrl);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n'));
}

function refuseExpectation(request: IncomingMessage, response: ServerResponse, publicUrl: string): void {
  const { headers, body } = describeRefusal(417, 'The server knows no expectation but 100-continue.', publicUrl);
  endIfUnread(request, response);
  response.writeHead(417, headers).end(body);
}

function describeRefusal(status: number, detail: string | undefined, publicUrl: string) {
  const id = randomUUID();
  const error = new ServiceError('malformed_request', detail === undefined ? {} : { detail });
  const body = JSON.stringify({ ...describeProblem(error, { id }, publicUrl), status });
  const headers = {
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Request-Id': id,
    Connection: 'close',
  };
  return { headers, body };
}
