import type { AddressInfo } from 'node:net';
import { createApp } from './app.ts';
import type { Context } from './context.ts';
import { watchConnections } from '../http/connections.ts';
import { createHttpServer } from '../http/server.ts';
import { listen } from './listening.ts';

/** A process that answers requests. Every way to end it drains the requests in flight, within the grace period. */
export interface Serving {
  readonly port: number;
  /** Ends it with the whole server: no longer ready, but listening for the shutdown delay, so that load balancers notice. */
  readonly stop: () => Promise<void>;
  /** Ends it while other workers continue: they get new connections at once; idle ones live out their keep-alive time. */
  readonly retire: () => Promise<void>;
  /** Ends it when no client can connect any more. */
  readonly abandon: () => Promise<void>;
}

/** Starts to answer requests. Throws a CommandError if it can't listen. */
export async function startServing(context: Context): Promise<Serving> {
  const { config, log, proxies, beginStopping } = context;
  const { handle, compileChecks } = createApp(context);
  const server = createHttpServer(handle, config);
  const connections = watchConnections(server, config, proxies.isProxy, log);
  await listen(server, config);
  // Clients needn't wait for a quarter of a second; an error ends the process.
  void compileChecks(() => server.listening);
  const graceMs = config.shutdownGraceSeconds * 1000;
  const delayMs = config.shutdownDelaySeconds * 1000;
  // Node closes an idle connection a second later than it announces to the client.
  const keepAliveMs = (config.keepAliveSeconds + 1) * 1000;
  return {
    port: (server.address() as AddressInfo).port,
    stop() {
      beginStopping();
      return connections.drain({ listenMs: delayMs, idleMs: delayMs, graceMs });
    },
    retire: () => connections.drain({ listenMs: 0, idleMs: Math.min(keepAliveMs, graceMs), graceMs }),
    abandon() {
      beginStopping();
      return connections.drain({ listenMs: 0, idleMs: 0, graceMs });
    },
  };
}
