import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import type { Log } from '../platform/log/log.ts';
import { hostOf, parseAddress } from '../platform/network/address.ts';

/** The schedule of a drain, in milliseconds from its start. */
export interface EndTimes {
  /** Until then new connections are accepted. */
  readonly listenMs: number;
  /** Until then idle connections stay open. */
  readonly idleMs: number;
  /** This long after the listener closes, all remaining connections are closed. */
  readonly graceMs: number;
}

/** The open connections of a server. */
export interface Connections {
  /** Drains the server: from now on each response closes its connection. Resolves when none is left. */
  drain(times: EndTimes): Promise<void>;
}

/** Limits on open connections. */
export interface ConnectionBounds {
  readonly maxConnections: number;
  /** For one address, or one IPv6 /64. */
  readonly maxConnectionsPerClient: number;
}

const sweepMs = 50;
const refusalReportMs = 1000;

/**
 * Tracks a server's connections and refuses those above the limits; a proxy, which carries many clients, may use all of them. Call it
 * before the server listens.
 */
export function watchConnections(
  server: Server,
  { maxConnections, maxConnectionsPerClient }: ConnectionBounds,
  isProxy: (address: string) => boolean,
  log: Log,
): Connections {
  const open = new Set<Socket>();
  const ofClient = new Map<string, number>();
  const refuse = refusal(log, 'connections were refused; MAX_CONNECTIONS is reached', maxConnections);
  const refuseClient = refusal(
    log,
    'connections of one client were refused; MAX_CONNECTIONS_PER_CLIENT is reached',
    maxConnectionsPerClient,
  );
  // Not `server.maxConnections`: if all workers of a cluster are full, they would pass a connection around for ever.
  server.prependListener('connection', (socket: Socket) => {
    if (open.size >= maxConnections) return refuse(socket);
    const address = socket.remoteAddress ?? '';
    const client = isProxy(address) ? undefined : hostOf(parseAddress(address) ?? '');
    const before = client === undefined ? 0 : (ofClient.get(client) ?? 0);
    if (before >= maxConnectionsPerClient) return refuseClient(socket);
    open.add(socket);
    if (client !== undefined) ofClient.set(client, before + 1);
    socket.once('close', () => {
      open.delete(socket);
      if (client !== undefined) release(ofClient, client);
    });
  });
  return { drain: (times) => drain(server, open, times, log) };
}

function release(counts: Map<string, number>, key: string): void {
  const left = (counts.get(key) ?? 1) - 1;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
}

// Logs at most one line per second, however many connections arrive.
function refusal(log: Log, message: string, maximum: number): (socket: Socket) => void {
  let refused = 0;
  const report = () => {
    log.warn({ refused, maximum }, message);
    refused = 0;
  };
  return (socket) => {
    socket.destroy();
    if (refused++ === 0) setTimeout(report, refusalReportMs).unref();
  };
}

async function drain(server: Server, open: Set<Socket>, times: EndTimes, log: Log): Promise<void> {
  const { listenMs, idleMs, graceMs } = times;
  const closed = once(server, 'close');
  server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
  for (const socket of open) closeAfterAnswer(socket);
  const timers = [
    // `server.close` of node:http would also close idle connections, just when a proxy may be about to use one.
    setTimeout(() => NetServer.prototype.close.call(server), listenMs),
    setTimeout(() => timers.push(setInterval(() => closeIdle(server, open), sweepMs)), Math.max(listenMs, idleMs)),
    setTimeout(() => {
      log.warn({ connections: open.size }, 'the grace period is over; closing open connections');
      for (const socket of open) socket.destroy();
    }, listenMs + graceMs),
  ];
  await closed;
  for (const timer of timers) clearTimeout(timer);
}

// Node has no public name for the response that a connection is busy with.
function closeAfterAnswer(socket: Socket & { _httpMessage?: ServerResponse | null }): void {
  const response = socket._httpMessage;
  if (response && !response.headersSent) response.setHeader('Connection', 'close');
}

function closeIdle(server: Server, open: Set<Socket>): void {
  server.closeIdleConnections();
  // Node does not count a connection that never sent anything as idle.
  for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
}
