import { createServer, IncomingMessage, ServerResponse, STATUS_CODES, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';
import { randomUUID } from 'node:crypto';
import { ServiceError } from '../errors.ts';
import { describeProblem } from './problems.ts';

/** Times in seconds. */
export interface ServerOptions {
  readonly requestTimeoutSeconds: number;
  readonly keepAliveSeconds: number;
  readonly publicUrl: string;
}

/** Makes the HTTP server of an application. It does not listen yet. */
export function createHttpServer(app: Express, options: ServerOptions): Server {
  // Express gives each request and response its prototypes; made with them, they need no slow change (on Node 20, two thirds).
  const server = createServer(
    {
      IncomingMessage: withPrototype(IncomingMessage, app.request),
      ServerResponse: withPrototype(ServerResponse, app.response),
      requestTimeout: options.requestTimeoutSeconds * 1000,
      headersTimeout: Math.min(options.requestTimeoutSeconds, 60) * 1000,
      keepAliveTimeout: options.keepAliveSeconds * 1000,
      // The application refuses a request without Host, since Node would do it without a problem document.
      requireHostHeader: false,
    },
    app,
  );
  // An expectation that the server does not know is no reason to refuse a request (RFC 9110, section 10.1.1).
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  // `GET http://host/path` is `GET /path` (RFC 9112, section 3.2.2); Express would look for it elsewhere.
  server.prependListener('request', (request) => {
    request.url = request.url?.replace(/^https?:\/\/[^/?]*\/?/i, '/');
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

// What Node's parser refuses never becomes a request, so the answer is written by hand, as a problem document all the same.
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex, publicUrl: string): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const id = randomUUID();
  const problem = { ...describeProblem(new ServiceError('malformed_request'), { id }, publicUrl), status };
  const body = JSON.stringify(problem);
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Content-Type: application/problem+json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Cache-Control: no-store',
      'X-Content-Type-Options: nosniff',
      `X-Request-Id: ${id}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
