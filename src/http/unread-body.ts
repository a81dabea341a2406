import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { maximumBodyBytes } from './body.ts';

/** After an answer that came before the end of its request, so much more is read: who is cut while sending may lose the answer. */
const lingeringBytes = 1024 * 1024;
const lingeringMs = 2000;

/** Ends the connection of a request that is answered before all of its body was read, and reads little more of it. */
export function endUnreadBodies(server: Server): void {
  server.prependListener('request', (request, response) => {
    if (mayStayUnread(request)) endIfUnread(request, response);
  });
}

/** A short body is read to its end by Node itself. */
function mayStayUnread({ headers }: IncomingMessage): boolean {
  return (
    headers['transfer-encoding'] !== undefined ||
    headers.expect !== undefined ||
    Number(headers['content-length'] ?? 0) > maximumBodyBytes
  );
}

/** Watches one request; `response` must not have been begun. */
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

// The answer goes out, then this side says that it says no more; what is still on its way is read, within bounds, and dropped.
function linger(request: IncomingMessage): void {
  const socket: Socket = request.socket;
  const destroySoon = socket.destroySoon.bind(socket);
  const enough = socket.bytesRead + lingeringBytes;
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
