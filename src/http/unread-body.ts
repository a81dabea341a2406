import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { maximumBodyBytes } from './body.ts';

/** How much is still read after an early response, in bytes: a client that is cut off while sending may lose the response. */
const lingeringBytes = 128 * 1024;
/** A body that is announced to be no longer is read to its end: many clients read no response before they have sent all. */
const readToTheEndBytes = 1024 * 1024;
const lingeringMs = 2000;

/** Closes the connection of a request that is answered before its body was read, after reading only a little more. */
export function endUnreadBodies(server: Server): void {
  server.prependListener('request', (request, response) => {
    if (mayStayUnread(request)) endIfUnread(request, response);
  });
}

/** Node itself reads short bodies to the end. */
function mayStayUnread({ headers }: IncomingMessage): boolean {
  return (
    headers['transfer-encoding'] !== undefined ||
    headers.expect !== undefined ||
    Number(headers['content-length'] ?? 0) > maximumBodyBytes
  );
}

/** Watches one request; `response` must not have started. */
export function endIfUnread(request: IncomingMessage, response: ServerResponse): void {
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  response.writeHead = (...args: unknown[]) => {
    if (!request.complete) response.setHeader('Connection', 'close');
    return writeHead(...args);
  };
  response.once('prefinish', () => {
    if (!request.complete) linger(request);
  });
}

// Sends the response, half-closes the connection, and reads and drops what is still arriving, within limits.
function linger(request: IncomingMessage): void {
  const socket: Socket = request.socket;
  const destroySoon = socket.destroySoon.bind(socket);
  const announced = Number(request.headers['content-length'] ?? Infinity);
  const enough = socket.bytesRead + (announced <= readToTheEndBytes ? readToTheEndBytes : lingeringBytes);
  let isAnswered = false;
  request.on('data', () => {
    if (socket.bytesRead > enough) socket.destroy();
  });
  request.once('end', () => {
    if (isAnswered) destroySoon();
  });
  socket.destroySoon = () => {
    isAnswered = true;
    if (request.complete) return destroySoon();
    socket.end();
    const timer = setTimeout(() => socket.destroy(), lingeringMs);
    socket.once('close', () => clearTimeout(timer));
  };
}
