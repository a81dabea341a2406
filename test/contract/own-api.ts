/** A user's own API: records requests and answers with the statuses that a test sets. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';

interface Seen {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly shop: string | undefined;
  readonly body: string;
}

/** Starts such an API for the suite and clears it before each test. */
export function useApi() {
  const seen: Seen[] = [];
  const answers: number[] = [];
  let server: Server;
  let port = 0;

  before('start an API', async () => {
    server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://api');
      const target = url.searchParams.get('to');
      void text(request).then((body) => {
        const { authorization, 'x-shop': shop } = request.headers;
        seen.push({ path: `${request.method} ${request.url}`, authorization, shop: shop as string | undefined, body });
        if (target) response.writeHead(307, { Location: target }).end();
        else response.writeHead(answers.shift() ?? 200).end('{}');
      });
    });
    server.listen(0);
    await once(server, 'listening');
    ({ port } = server.address() as { port: number });
  });

  beforeEach('clear requests and statuses', () => {
    seen.length = 0;
    answers.length = 0;
  });

  after('stop it', () => {
    server.closeAllConnections();
    server.close();
  });

  return {
    seen,
    /** The statuses of the next responses; 200 after them. */
    answers,
    get origin() {
      return `http://127.0.0.1:${port}`;
    },
  };
}
