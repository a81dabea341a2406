import type { AddressInfo } from 'node:net';
import { createApp } from './app.ts';
import type { Context } from './context.ts';
import { watchConnections } from '../http/connections.ts';
import { createHttpServer } from '../http/server.ts';
import { listen } from './listening.ts';

/** A process that answers requests. Each way to end it answers the requests in flight, within the grace. */
export interface Serving {
  readonly port: number;
  /** Ends it as the whole server ends: it is not ready any more, and listens for the delay that lets a balancer see that. */
  readonly stop: () => Promise<void>;
  /** Ends it while others go on: what connects goes to them at once, and idle connections live out their time. */
  readonly retire: () => Promise<void>;
  /** Ends it when nobody can connect to it any more. */
  readonly abandon: () => Promise<void>;
}

/** Answers requests with a context's services. Throws when it can't listen. */
export async function startServing(context: Context): Promise<Serving> {
  const { config, log, proxies, beginStopping } = context;
  const server = createHttpServer(await createApp(context), config);
  const connections = watchConnections(server, config, proxies.isProxy, log);
  await listen(server, config);
  const graceMs = config.shutdownGraceSeconds * 1000;
  const delayMs = config.shutdownDelaySeconds * 1000;
  // Node closes an idle connection a second after the time that it told the client.
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
