import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { contentType, type ServiceStatus } from './status.ts';

/** The server for operators, on its own port. */
export interface OperatorServer {
  /** `http://host:port` */
  readonly origin: string;
  readonly stop: () => Promise<void>;
}

/** Listens for operators: `/metrics`, `/health` (the process runs) and `/ready` (requests can be answered). */
export async function startOperatorServer(
  { host, port }: { host: string; port: number },
  status: ServiceStatus,
): Promise<OperatorServer> {
  const answers: Record<string, (response: ServerResponse) => Promise<void>> = {
    '/metrics': async (response) => send(response, 200, await status.metrics(), contentType),
    '/health': async (response) => sendStatus(response, 200, { status: 'healthy' }),
    '/ready': async (response) => {
      const reason = await status.checkReadiness().then(() => undefined, messageOf);
      if (reason === undefined) sendStatus(response, 200, { status: 'ready' });
      else sendStatus(response, 503, { status: 'not_ready', detail: reason });
    },
  };
  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    const answer = answers[request.url?.split('?')[0] ?? ''];
    if (!answer) sendStatus(response, 404, { status: 'not_found', paths: Object.keys(answers) });
    else if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      sendStatus(response, 405, { status: 'method_not_allowed' });
    } else answer(response).catch((error: unknown) => sendStatus(response, 500, { status: messageOf(error) }));
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return {
    origin: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function sendStatus(response: ServerResponse, status: number, body: object): void {
  send(response, status, JSON.stringify(body), 'application/json; charset=utf-8');
}

function send(response: ServerResponse, status: number, body: string, type: string): void {
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
  });
  response.end(body);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
