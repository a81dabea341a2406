/** Stands in for an OpenTelemetry collector or Sentry, and records what it is sent. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

export interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface Receiver {
  readonly origin: string;
  readonly received: Received[];
  close(): Promise<void>;
}

/** Records every request and answers with `status`. */
export async function startReceiver(status = 200): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((bytes) => {
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
      received.push({ path: request.url ?? '', headers: request.headers, body });
      response.writeHead(status, { 'Content-Type': 'application/json' }).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    received,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

type AttributeValue = string | number | boolean | undefined;

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  /** 2 is a server's, 3 a client's. */
  readonly kind: number;
  /** 2 is an error. */
  readonly status: number;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly resource: Readonly<Record<string, AttributeValue>>;
}

/** The spans of a request in OTLP's binary form (opentelemetry/proto/trace/v1/trace.proto), by its field numbers. */
export function decodeSpans(body: Buffer): ReceivedSpan[] {
  return messages(body, 1).flatMap((resourceSpans) => {
    const resource = attributes(messages(resourceSpans, 1).flatMap((message) => messages(message, 1)));
    return messages(resourceSpans, 2)
      .flatMap((scopeSpans) => messages(scopeSpans, 2))
      .map((span) => ({
        traceId: first(span, 1).toString('hex'),
        spanId: first(span, 2).toString('hex'),
        parentSpanId: first(span, 4).toString('hex'),
        name: first(span, 5).toString(),
        kind: numbers(span, 6)[0] ?? 0,
        status: numbers(messages(span, 15)[0] ?? Buffer.alloc(0), 3)[0] ?? 0,
        attributes: attributes(messages(span, 9)),
        resource,
      }));
  });
}

function attributes(pairs: Buffer[]): Record<string, AttributeValue> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const value = messages(pair, 2)[0] ?? Buffer.alloc(0);
      return [first(pair, 1).toString(), messages(value, 1)[0]?.toString() ?? numbers(value, 3)[0]];
    }),
  );
}

type Field = readonly [number: number, value: number | Buffer];

const messages = (message: Buffer, field: number) =>
  fields(message).flatMap(([number, value]) => (number === field && Buffer.isBuffer(value) ? [value] : []));
const numbers = (message: Buffer, field: number) =>
  fields(message).flatMap(([number, value]) => (number === field && typeof value === 'number' ? [value] : []));
const first = (message: Buffer, field: number) => messages(message, field)[0] ?? Buffer.alloc(0);

/** Protocol Buffers' wire format: varints, fixed-size numbers and length-delimited bytes. */
function fields(message: Buffer): Field[] {
  const found: Field[] = [];
  let place = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = message[place++] ?? 0;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (place < message.length) {
    const tag = varint();
    const [field, type] = [Math.floor(tag / 8), tag & 7];
    if (type === 0) found.push([field, varint()]);
    else {
      const length = type === 2 ? varint() : type === 1 ? 8 : 4;
      found.push([field, message.subarray(place, place + length)]);
      place += length;
    }
  }
  return found;
}
