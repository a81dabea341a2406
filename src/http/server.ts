import { createServer, IncomingMessage, maxHeaderSize, ServerResponse, STATUS_CODES, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';
import { randomUUID } from 'node:crypto';
import { ServiceError } from '../platform/errors.ts';
import { originForm } from './message.ts';
import { describeProblem } from './problems.ts';
import { strictTransportSecurity } from './security-headers.ts';
import { endIfUnread, endUnreadBodies } from './unread-body.ts';

/** Times in seconds. */
export interface ServerOptions {
  readonly requestTimeoutSeconds: number;
  readonly keepAliveSeconds: number;
  readonly publicUrl: string;
}

// How long a connection may take to send a request's headers, including its first; idle holders lose it then.
const headersSeconds = 15;
// Longer than any operation: a connection that is silent this long belongs to a client that does not read its response.
const minIdleSeconds = 120;

/** Creates the HTTP server of an application. It does not listen yet. */
export function createHttpServer(app: Express, options: ServerOptions): Server {
  const server = createServer(
    {
      ...createMessages(app),
      requestTimeout: options.requestTimeoutSeconds * 1000,
      headersTimeout: Math.min(options.requestTimeoutSeconds, headersSeconds) * 1000,
      connectionsCheckingInterval: 1000,
      keepAliveTimeout: options.keepAliveSeconds * 1000,
      // The application refuses requests without Host, because Node would do so without a problem document.
      requireHostHeader: false,
    },
    app,
  );
  // Node would drop headers after the first thousand, perhaps a second Host or a length; their total size is limited anyway.
  server.maxHeadersCount = 0;
  server.timeout = Math.max(options.requestTimeoutSeconds, minIdleSeconds) * 1000;
  // Clients that wait for 100 Continue get it only where the body is read (RFC 9110, section 10.1.1).
  server.on('checkContinue', (request, response) => {
    if (request.headers.expect?.toLowerCase() === '100-continue') server.emit('request', request, response);
    else refuseExpectation(request, response, options.publicUrl);
  });
  server.on('checkExpectation', (request, response) => refuseExpectation(request, response, options.publicUrl));
  endUnreadBodies(server);
  // Express would not route `http://host/path`.
  server.prependListener('request', (request) => {
    if (request.url?.startsWith('/') === false) request.url = originForm(request.url);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    refuseUnreadable(error, socket, options.publicUrl);
  });
  return server;
}

/**
 * The classes of an application's requests and responses. Express replaces any prototype but its own, which is slow, so these have its
 * own; and as subclasses they are as fast as Node's, which a constructor that is called with another prototype is not.
 */
function createMessages(app: Express) {
  class Request extends IncomingMessage {}
  class Response extends ServerResponse {}
  Object.setPrototypeOf(Request.prototype, app.request);
  Object.setPrototypeOf(Response.prototype, app.response);
  Object.assign(app, { request: Request.prototype, response: Response.prototype });
  return { IncomingMessage: Request, ServerResponse: Response as typeof ServerResponse };
}

const refusals: Readonly<Record<string, readonly [status: number, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [431, `The URL and the headers may have at most ${maxHeaderSize} bytes.`],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request took too long to arrive.'],
};

// What Node's parser refuses never becomes a request, so the problem document is written to the socket by hand.
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
  const { headers, body } = describeRefusal(417, 'The server supports no expectation but 100-continue.', publicUrl);
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
    'Strict-Transport-Security': strictTransportSecurity,
    'X-Request-Id': id,
    Connection: 'close',
  };
  return { headers, body };
}
