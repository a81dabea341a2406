/** The load, in a process of its own: reads what to send from its first argument, prints what came of it as JSON. */
import autocannon from 'autocannon';

/** Requests over `connections` connections for `seconds`, each sent when the one before was answered. */
export interface Load {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** A refresh token for each connection, which goes on with what each answer gives it. */
  readonly refreshTokens?: readonly string[];
  readonly connections: number;
  /** No more than so many requests a second, over all connections. */
  readonly perSecond?: number;
  /** Whether answers may be other than a success. */
  readonly mayFail?: boolean;
  readonly seconds: number;
}

/** Latencies in milliseconds. */
export interface Outcome {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly failed: number;
}

async function run({ refreshTokens, connections, seconds, perSecond, mayFail, ...request }: Load): Promise<Outcome> {
  let next = 0;
  const result = await autocannon({
    ...request,
    connections,
    duration: seconds,
    timeout: 60,
    ...(perSecond !== undefined && { overallRate: perSecond }),
    ...(refreshTokens && {
      setupClient: (client: autocannon.Client) => {
        const carry = (token: string | undefined) => client.setBody(JSON.stringify({ refresh_token: token }));
        carry(refreshTokens[next++]);
        client.on('body', (bytes: Buffer) => {
          const token = /"refresh_token":"([^"]+)"/.exec(bytes.toString())?.[1];
          if (token) carry(token);
        });
      },
    }),
  });
  return {
    perSecond: result['2xx'] / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    failed: mayFail ? 0 : result.non2xx + result.errors,
  };
}

process.stdout.write(JSON.stringify(await run(JSON.parse(process.argv[2] ?? '{}') as Load)));
