/** The load generator, in its own long-lived process: receives orders and replies with results. */
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'undici';

/** Requests over `connections` connections for `seconds`; each connection sends the next when the last was answered. */
export interface Load {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Record<string, string>;
  /** A body for each connection. */
  readonly bodies?: readonly string[];
  /** An access token for each connection. */
  readonly accessTokens?: readonly string[];
  /** A refresh token for each connection, replaced by the one in each answer. */
  readonly refreshTokens?: readonly string[];
  readonly connections: number;
  /** At most this many requests per second over all connections. */
  readonly perSecond?: number;
  /** Whether answers may be errors. */
  readonly mayFail?: boolean;
  readonly seconds: number;
}

/** Latencies in milliseconds. */
export interface Outcome {
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly failed: number;
}

async function run(load: Load): Promise<Outcome> {
  const { url, connections, seconds, refreshTokens } = load;
  const { origin } = new URL(url);
  const clients = Array.from({ length: connections }, () => new Client(origin, { headersTimeout: 60_000 }));
  const latencies: number[] = [];
  let failed = 0;
  const began = performance.now();
  const end = began + seconds * 1000;
  const pauseMs = load.perSecond === undefined ? 0 : (connections * 1000) / load.perSecond;

  async function act(client: Client, index: number): Promise<void> {
    const accessToken = load.accessTokens?.[index];
    const authorization = accessToken && { Authorization: `Bearer ${accessToken}` };
    const own: Load = { ...load, headers: { ...load.headers, ...authorization } };
    let body = refreshTokens ? refreshBody(refreshTokens[index]) : load.bodies?.[index];
    for (let due = began + (pauseMs * index) / connections; ; due += pauseMs) {
      const early = due - performance.now();
      if (pauseMs > 0 && early > 0) await pause(early);
      // Latency counts from when a request was due, so a stalled server can't slow down its own measurement.
      const sent = pauseMs > 0 ? due : performance.now();
      if (sent >= end) return;
      const { status, text } = await send(client, own, body, refreshTokens !== undefined);
      if (status >= 200 && status < 300) latencies.push(performance.now() - sent);
      else failed++;
      if (refreshTokens) body = refreshBody(/"refresh_token":"([^"]+)"/.exec(text)?.[1]);
    }
  }

  await Promise.all(clients.map(act));
  const elapsed = (performance.now() - began) / 1000;
  await Promise.all(clients.map((client) => client.close()));
  latencies.sort((one, other) => one - other);
  const part = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0;
  return {
    perSecond: latencies.length / elapsed,
    p50: part(0.5),
    p95: part(0.95),
    p99: part(0.99),
    failed: load.mayFail ? 0 : failed,
  };
}

const refreshBody = (token: string | undefined) => JSON.stringify({ refresh_token: token });

function send(client: Client, load: Load, body: string | undefined, keep: boolean) {
  const { method = 'GET', headers = {} } = load;
  const path = load.url.slice(load.url.indexOf('/', 'https://'.length));
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const answer = { status: 0, text: '' };
    client.dispatch(
      { path, method, headers, body: body ?? null },
      {
        onRequestStart() {},
        onResponseStart(_controller, status) {
          answer.status = status;
        },
        onResponseData(_controller, chunk) {
          if (keep) answer.text += chunk.toString();
        },
        onResponseEnd: () => resolve(answer),
        onResponseError: (_controller, error) => reject(error),
      },
    );
  });
}

/** Sends an order to the process and returns its reply; several may be pending. */
export interface Order {
  readonly id: number;
  readonly load: Load;
}
export interface Result {
  readonly id: number;
  readonly outcome?: Outcome;
  readonly error?: string;
}

process.on('message', ({ id, load }: Order) => {
  run(load).then(
    (outcome) => process.send?.({ id, outcome } satisfies Result),
    (error: unknown) => process.send?.({ id, error: String(error) } satisfies Result),
  );
});
