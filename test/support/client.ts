/** An HTTP client that holds every answer against the contract. */
import type { Server } from 'node:http';
import supertest, { type Test } from 'supertest';
import { checkAgainstContract } from './contract.ts';

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
  /** Sent as it is; set a Content-Type with it. */
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
    checkAgainstContract({ method: method.toUpperCase(), url, status: response.status, headers, body: bytes });
    const isJson = headers['content-type']?.includes('json') === true;
    return {
      status: response.status,
      headers,
      bytes,
      body: isJson && bytes.length > 0 ? (JSON.parse(bytes.toString()) as unknown) : undefined,
    };
  };
}

type Parser = Parameters<Test['parse']>[0];

const readBytes: Parser = (response, done) => {
  const chunks: Buffer[] = [];
  const stream = response as unknown as NodeJS.ReadableStream;
  stream.on('data', (chunk: Buffer) => chunks.push(Buffer.from(chunk)));
  stream.on('end', () => done(null, Buffer.concat(chunks)));
  stream.on('error', (error: Error) => done(error, undefined));
};
