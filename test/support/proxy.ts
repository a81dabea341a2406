/** A load balancer that checks readiness, keeps connections alive and never retries. If no server is ready, it sends to all. */
import { once } from 'node:events';
import { Agent, createServer, get, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';

export interface Proxy {
  readonly origin: string;
  /** Failures between the proxy and the servers. */
  readonly failures: string[];
  /** How many requests a server has answered. */
  answeredBy(origin: string): number;
  stop(): Promise<void>;
}

interface Upstream {
  readonly origin: string;
  readonly agent: Agent;
  ready: boolean;
  answered: number;
}

const checkMs = 100;
const idleMs = 2000;

export async function startProxy(origins: string[]): Promise<Proxy> {
  // It closes idle connections well before a server does, even a busy one.
  const upstreams = origins.map((origin): Upstream => {
    return { origin, agent: new Agent({ keepAlive: true, timeout: idleMs }), ready: false, answered: 0 };
  });
  const failures: string[] = [];
  let turn = 0;

  async function forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const ready = upstreams.filter((upstream) => upstream.ready);
    const candidates = ready.length > 0 ? ready : upstreams;
    const upstream = candidates[turn++ % candidates.length]!;
    const { method, url } = request;
    const onward = send(`${upstream.origin}${url}`, {
      method: method ?? 'GET',
      headers: request.headers,
      agent: upstream.agent,
    });
    request.pipe(onward);
    try {
      const [answer] = (await once(onward, 'response')) as [IncomingMessage];
      // Connection headers are not forwarded (RFC 9110, section 7.6.1).
      const headers = { ...answer.headers };
      delete headers.connection;
      delete headers['keep-alive'];
      response.writeHead(answer.statusCode ?? 502, headers);
      await pipeline(answer, response);
      upstream.answered++;
    } catch (error) {
      if (request.socket.destroyed) return; // the client has left
      failures.push(`${upstream.origin} ${method} ${url}: ${String(error)}`);
      if (response.headersSent) response.destroy();
      else response.writeHead(502).end();
    }
  }

  async function check(upstream: Upstream): Promise<void> {
    const asked = get(`${upstream.origin}/api/v1/health/ready`, { agent: upstream.agent });
    const answer = (await once(asked, 'response').catch(() => [])) as IncomingMessage[];
    upstream.ready = answer[0]?.resume().statusCode === 200;
  }

  await Promise.all(upstreams.map(check));
  const checking = setInterval(() => void Promise.all(upstreams.map(check)), checkMs);
  const server = createServer((request, response) => void forward(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    failures,
    answeredBy: (origin) => upstreams.find((upstream) => upstream.origin === origin)?.answered ?? 0,
    async stop() {
      clearInterval(checking);
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      for (const { agent } of upstreams) agent.destroy();
    },
  };
}
