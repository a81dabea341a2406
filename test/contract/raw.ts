/** HTTP written to a socket by hand, for requests that no client library sends. */
import { connect } from 'node:net';
import { once } from 'node:events';
import { checkAgainstContract } from '../support/contract.ts';
import type { TestApp } from '../support/app.ts';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

/**
 * Sends bytes unchanged and reads until the server closes the connection, so include `Connection: close`; with `end`, this side
 * ends the connection after sending.
 */
export async function exchange(app: TestApp, bytes: string | Buffer, end?: 'end'): Promise<RawAnswer> {
  const socket = connect(Number(new URL(app.origin).port), '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const closed = once(socket, 'close');
  // A server that has answered may close before it has read everything.
  socket.on('error', () => {});
  socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  if (end) socket.end();
  await closed;
  return parse(Buffer.concat(chunks));
}

/** Sends a request with exactly these headers and checks the answer against the contract. */
export async function request(
  app: TestApp,
  line: string,
  headers: readonly string[],
  body: Uint8Array | string = '',
): Promise<RawAnswer> {
  const head = [`${line} HTTP/1.1`, 'Host: latchkey.test', 'Connection: close', ...headers, '', ''].join('\r\n');
  const answer = await exchange(app, Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body as string)]));
  const [method = '', url = ''] = line.split(' ');
  checkAgainstContract({ method, url, status: answer.status, headers: answer.headers, body: answer.bytes });
  return answer;
}

function parse(bytes: Buffer): RawAnswer {
  const end = bytes.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(headers),
    bytes: bytes.subarray(end + 4),
  };
}

/** The problem document of an answer. */
export function problemOf({ bytes }: RawAnswer): { code: string; status: number; detail: string; instance: string } {
  return JSON.parse(bytes.toString()) as { code: string; status: number; detail: string; instance: string };
}
