/** An HTTP client that checks every answer against the contract. */
import type { Server } from 'node:http';
import supertest, { type Test } from 'supertest';
import { checkAgainstContract } from './contract.ts';
import { recordExchange, type Exchange } from './traffic.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete' | 'head' | 'options';

/** One answer: `body` is parsed JSON, `bytes` is what came over the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  // Tests look into answers freely; the contract check has verified their shape.
  readonly body: any; // eslint-disable-line @typescript-eslint/no-explicit-any
  readonly bytes: Buffer;
}

export interface Call {
  readonly token?: string | undefined;
  readonly headers?: Record<string, string>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent unchanged; also set a Content-Type. */
  readonly raw?: string | Buffer;
  readonly query?: Record<string, string | number | boolean>;
}

export type Send = (method: Method, path: string, call?: Call) => Promise<Answer>;

/** Sends requests to a server through supertest. */
export function createClient(server: Server): Send {
  return async (method, path, call = {}) => {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(call.query ?? {})) query.set(name, String(value));
    const url = query.size > 0 ? `${path}?${query.toString()}` : path;
    const request: Test = supertest(server)[method](url).redirects(0).buffer(true).parse(readBytes);
    if (call.token !== undefined) request.set('Authorization', `Bearer ${call.token}`);
    for (const [name, value] of Object.entries(call.headers ?? {})) request.set(name, value);
    if (call.json !== undefined) request.set('Content-Type', 'application/json').send(JSON.stringify(call.json));
    else if (call.raw !== undefined) request.serialize((raw) => raw as string).send(call.raw);
    const response = await request.ok(() => true);
    const bytes = Buffer.isBuffer(response.body) ? response.body : Buffer.alloc(0);
    const headers = response.headers as Record<string, string>;
    const { status } = response;
    const operation = checkAgainstContract({ method: method.toUpperCase(), url, status, headers, body: bytes });
    if (operation !== undefined)
      recordExchange(operation, describeExchange(method, url, call, { status, headers, bytes }));
    const isJson = headers['content-type']?.includes('json') === true;
    return {
      status,
      headers,
      bytes,
      body: isJson && bytes.length > 0 ? (JSON.parse(bytes.toString()) as unknown) : undefined,
    };
  };
}

function describeExchange(
  method: Method,
  url: string,
  { token, headers = {}, json, raw }: Call,
  answer: Omit<Answer, 'body'>,
): Exchange {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    request: {
      method: method.toUpperCase(),
      url: `https://latchkey.test${url}`,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...Object.fromEntries(named),
      },
      body: json === undefined ? bodyOf(raw, named) : JSON.stringify(json),
    },
    response: { status: answer.status, headers: answer.headers, body: answer.bytes.toString() },
  };
}

// Where the type says JSON, no body at all is read as an empty object.
function bodyOf(raw: string | Buffer | undefined, headers: readonly (readonly [string, string])[]): string | undefined {
  const isJson = headers.some(([name, value]) => name === 'content-type' && value.includes('json'));
  return raw === undefined && isJson ? '{}' : raw?.toString();
}

type Parser = Parameters<Test['parse']>[0];

const readBytes: Parser = (response, done) => {
  const chunks: Buffer[] = [];
  const stream = response as unknown as NodeJS.ReadableStream;
  stream.on('data', (chunk: Buffer) => chunks.push(Buffer.from(chunk)));
  stream.on('end', () => done(null, Buffer.concat(chunks)));
  stream.on('error', (error: Error) => done(error, undefined));
};
