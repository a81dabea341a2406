/** A gateway in front of a server: records requests, and answers those that a test takes over. */
import { once } from 'node:events';
import { createServer, request as send, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { basePath, type TestApp } from './app.ts';

/** A request at the gateway. */
export interface Passing {
  /** Such as `GET /auth/me`. */
  readonly call: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the gateway answers by itself; `hang up` closes the connection, `never` leaves the request unanswered, `stall` the body. */
export type OwnAnswer =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: unknown }
  | 'hang up'
  | 'never'
  | 'stall';

type Script = (request: Passing) => OwnAnswer | undefined | Promise<OwnAnswer | undefined>;

/** Starts a gateway for the suite; it forwards whatever the script of a test does not answer. */
export function useGateway(app: TestApp) {
  const seen: Passing[] = [];
  let script: Script = () => undefined;
  let server: Server;

  before('start a gateway', async () => {
    server = createServer((incoming, response) => {
      void buffer(incoming).then(async (bytes) => {
        const { method = 'GET', url = '/', headers } = incoming;
        const passing = { call: `${method} ${url.replace(basePath, '')}`, headers, body: bytes.toString() };
        seen.push(passing);
        const own = await script(passing);
        if (own === 'never') return;
        if (own === 'hang up') return incoming.socket.destroy();
        if (own === 'stall') return response.writeHead(200, { 'Content-Type': 'application/json' }).write('{');
        if (own) {
          const isText = typeof own.body === 'string';
          const type = isText ? 'text/html' : own.status < 400 ? 'application/json' : 'application/problem+json';
          response.writeHead(own.status, { 'Content-Type': type, ...own.headers });
          return response.end(isText ? own.body : JSON.stringify(own.body ?? {}));
        }
        const onward = send(app.origin + url, { method, headers, agent: false });
        onward.end(bytes);
        const [answer] = (await once(onward, 'response')) as [IncomingMessage];
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        return answer.pipe(response);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  beforeEach('let everything pass', () => {
    seen.length = 0;
    script = () => undefined;
  });
  after('stop it', () => {
    server.closeAllConnections();
    server.close();
  });

  return {
    /** The requests of this test. */
    seen,
    /** Their methods and paths. */
    calls: () => seen.map(({ call }) => call),
    /** Answers what `script` answers, and forwards the rest. */
    answer(answers: Script) {
      script = answers;
    },
    /** Answers a call these in turn, the last of them for good, and forwards everything else. */
    answerInTurn(answers: Record<string, (OwnAnswer | undefined)[]>) {
      script = ({ call }) => {
        const left = answers[call];
        return left && left.length > 1 ? left.shift() : left?.[0];
      };
    },
    /** Is an API of one's own, whose orders name the token that they came with, and where `not.a.token` has expired. */
    takeOrders() {
      const challenge = { status: 401, headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' } };
      script = ({ call, headers, body }) => {
        if (call !== 'POST /orders') return undefined;
        if (headers.authorization === 'Bearer not.a.token') return challenge;
        return { status: 200, body: { authorization: body === '{}' ? headers.authorization : 'no body' } };
      };
    },
    /** Holds a refresh until `GET /health`; `GET /health/ready` is answered only once a refresh has come. */
    holdRefresh() {
      let [arrive, release] = [() => {}, () => {}];
      const arrived = new Promise<void>((resolve) => (arrive = resolve));
      const held = new Promise<void>((resolve) => (release = resolve));
      script = async ({ call }) => {
        if (call === 'GET /health/ready') await arrived;
        if (call === 'GET /health') release();
        if (call === 'POST /auth/refresh') {
          arrive();
          await held;
        }
        return undefined;
      };
    },
    get origin() {
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
  };
}

/** A problem as the service writes it. */
export function problem(status: number, code: string, headers: Record<string, string> = {}): OwnAnswer {
  const body = { type: 'about:blank', title: code, status, detail: code, instance: 'urn:latchkey:request:7', code };
  return { status, headers, body };
}

/** What a service answers that had too many requests, or has no capacity, and a gateway whose service is away. */
export const limited = problem(429, 'rate_limited', { 'Retry-After': '1' });
export const busy = problem(503, 'service_unavailable', { 'Retry-After': '0' });
export const badGateway: OwnAnswer = { status: 502, body: '<h1>Bad gateway</h1>' };
