import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import type { Log } from '../log.ts';

/** When the steps of a server's end are due, in milliseconds from its beginning. */
export interface EndTimes {
  /** New connections are taken until then. */
  readonly listenMs: number;
  /** Connections without a request stay open until then. */
  readonly idleMs: number;
  /** After this, counted from the last new connection, everything is cut. */
  readonly graceMs: number;
}

/** The open connections of a server. */
export interface Connections {
  /** Ends the server: from now on each answer closes its connection. Resolves when none is left. */
  drain(times: EndTimes): Promise<void>;
}

const sweepMs = 50;
const refusalReportMs = 1000;

/** Keeps account of a server's connections and refuses those above `maximum`. Call it before the server listens. */
export function watchConnections(server: Server, maximum: number, log: Log): Connections {
  const open = new Set<Socket>();
  const reportRefusal = refusalReport(maximum, log);
  // Not `server.maxConnections`: where all workers of a cluster are full, they would hand a connection round without end.
  server.prependListener('connection', (socket: Socket) => {
    if (open.size >= maximum) {
      socket.destroy();
      reportRefusal();
      return;
    }
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return { drain: (times) => drain(server, open, times, log) };
}

// At most one line a second, however many connections come.
function refusalReport(maximum: number, log: Log): () => void {
  let refused = 0;
  const report = () => {
    log.warn({ refused, maximum }, 'connections were refused; MAX_CONNECTIONS is reached');
    refused = 0;
  };
  return () => {
    if (refused++ === 0) setTimeout(report, refusalReportMs).unref();
  };
}

async function drain(server: Server, open: Set<Socket>, times: EndTimes, log: Log): Promise<void> {
  const { listenMs, idleMs, graceMs } = times;
  const closed = once(server, 'close');
  server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
  for (const socket of open) closeAfterAnswer(socket);
  const timers = [
    // `server.close` of node:http would cut idle connections too, just when a proxy may be about to use one.
    setTimeout(() => NetServer.prototype.close.call(server), listenMs),
    setTimeout(() => timers.push(setInterval(() => closeIdle(server, open), sweepMs)), Math.max(listenMs, idleMs)),
    setTimeout(() => {
      log.warn({ connections: open.size }, 'the grace is over; open connections are cut');
      for (const socket of open) socket.destroy();
    }, listenMs + graceMs),
  ];
  await closed;
  for (const timer of timers) clearTimeout(timer);
}

// The response that a connection is busy with; Node has no public name for it.
function closeAfterAnswer(socket: Socket & { _httpMessage?: ServerResponse | null }): void {
  const response = socket._httpMessage;
  if (response && !response.headersSent) response.setHeader('Connection', 'close');
}

function closeIdle(server: Server, open: Set<Socket>): void {
  server.closeIdleConnections();
  // To Node, a connection that never sent anything is not idle.
  for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
}
