/** Bodies that are too long, or whose request is refused, are answered at once and hardly read. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { maximumBodyBytes } from '../../src/http/body.ts';
import { startApp, useApp, type TestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';

const gigabyte = 1024 ** 3;
const json = 'Content-Type: application/json';

interface Refusal {
  readonly line: string;
  readonly headers?: readonly string[];
  readonly status: number;
}

describe('a body that is not read', () => {
  const app = useApp();
  const sockets = new Set<Socket>();
  let inside: Socket | undefined;

  before("watch the server's side of connections", () => {
    app.server.on('connection', (socket: Socket) => (inside = socket));
  });
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  });

  /** A connection, what it received so far, and whether it is closed. */
  function open(server: TestApp = app) {
    const socket = connect(Number(new URL(server.origin).port), '127.0.0.1');
    sockets.add(socket);
    const received: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => received.push(chunk)).on('error', () => {});
    // Not `once`, which would reject if the connection is cut while sending.
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    return { socket, closed, text: () => Buffer.concat(received).toString('latin1') };
  }

  const head = (line: string, headers: readonly string[]) =>
    [`${line} HTTP/1.1`, 'Host: latchkey.test', ...headers, '', ''].join('\r\n');
  const answers = (text: () => string) => eventually('an answer arrives', () => text().includes('\r\n\r\n') && text());
  const statusOf = (text: string) => Number(text.split(' ')[1]);

  const refusals: Record<string, Refusal> = {
    'too long a body': { line: 'POST /api/v1/auth/login', headers: [json], status: 413 },
    'no token': { line: 'POST /api/v1/users', headers: [json], status: 401 },
    'a wrong token': { line: 'PATCH /api/v1/auth/me', headers: [json, 'Authorization: Bearer x'], status: 401 },
    'another media type': { line: 'POST /api/v1/auth/login', headers: ['Content-Type: text/plain'], status: 415 },
    'an unknown path': { line: 'POST /api/v1/nowhere', headers: [json], status: 404 },
    'an undocumented method': { line: 'PUT /api/v1/users', headers: [json], status: 405 },
    'an operation without a body': { line: 'GET /api/v1/health', status: 200 },
    'a page': { line: 'GET /openapi.json', status: 200 },
    'a malformed message': {
      line: 'POST /api/v1/auth/login',
      headers: [json, 'Host: x.test'],
      status: 400,
    },
  };
  for (const [what, { line, headers = [], status }] of Object.entries(refusals)) {
    for (const [how, framing] of [
      ['a length', `Content-Length: ${gigabyte}`],
      ['chunks', 'Transfer-Encoding: chunked'],
    ] as const) {
      it(`for ${what} is answered early and then cut off, sent with ${how}`, async () => {
        const { socket, closed, text } = open();
        socket.write(head(line, [...headers, framing]));

        const sent = sendWithoutEnd(socket, how === 'chunks');
        const answer = await answers(text);
        await closed;

        expect(await sent).to.equal('cut');
        expect(statusOf(answer)).to.equal(status);
        expect(answer).to.match(/\r\nConnection: close\r\n/i);
        expect(inside?.bytesRead).to.be.below(512 * 1024);
      });
    }

    it(`for ${what} gets no 100 Continue`, async () => {
      const { socket, closed, text } = open();
      const long = status === 413 ? gigabyte : 20;
      socket.write(head(line, [...headers, `Content-Length: ${long}`, 'Expect: 100-continue']));

      const answer = await answers(text);
      await closed;

      expect(statusOf(answer)).to.equal(status);
      expect(answer).to.match(/\r\nConnection: close\r\n/i);
    });
  }

  it('is answered 413 as soon as its length is known', async () => {
    const { socket, text } = open();
    socket.write(head('POST /api/v1/auth/login', [json, `Content-Length: ${maximumBodyBytes + 1}`]));

    expect(statusOf(await answers(text))).to.equal(413);
  });

  it('is answered 413 as soon as its chunks exceed the limit, compressed or not', async () => {
    for (const packing of ['identity', 'gzip']) {
      const { socket, text } = open();
      const headers = [json, 'Transfer-Encoding: chunked', `Content-Encoding: ${packing}`];
      const chunk = Buffer.alloc(maximumBodyBytes + 1, ' ');
      if (packing === 'gzip') chunk.set([0x1f, 0x8b, 8, 0x10]); // a comment without end
      socket.write(head('POST /api/v1/auth/login', headers));
      socket.write(`${chunk.length.toString(16)}\r\n`);
      socket.write(chunk);

      expect([packing, statusOf(await answers(text))]).to.deep.equal([packing, 413]);
    }
  });

  it('still delivers its answer to a client that reads only after sending everything', async () => {
    const { socket, closed, text } = open();
    socket.pause();
    socket.write(head('POST /api/v1/auth/login', [json, `Content-Length: ${5 * maximumBodyBytes}`]));
    await new Promise((resolve) => socket.write(Buffer.alloc(5 * maximumBodyBytes, ' '), resolve));
    socket.resume();

    await closed;

    expect(statusOf(text())).to.equal(413);
  });

  it('is cut off after a while when nothing more arrives', async () => {
    const { socket, text } = open();
    socket.write(head('POST /api/v1/auth/login', [json, `Content-Length: ${gigabyte}`]));
    await answers(text);
    socket.write('{');

    await eventually('the connection is closed', () => inside?.destroyed === true, 5000);
  });

  it('keeps the connection when it is short', async () => {
    const { socket, text } = open();
    for (const framing of ['Content-Length: 2\r\n\r\n{}', 'Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n']) {
      socket.write(`POST /api/v1/auth/login HTTP/1.1\r\nHost: latchkey.test\r\n${json}\r\n${framing}`);
    }
    socket.write(head('POST /api/v1/nowhere', ['Content-Length: 5']) + 'hello');
    socket.write(head('GET /api/v1/health', []));

    await eventually('four answers arrive', () => text().split('HTTP/1.1 ').length === 5);

    const statuses = text()
      .split('HTTP/1.1 ')
      .slice(1)
      .map((each) => Number(each.slice(0, 3)));
    expect(statuses).to.deep.equal([400, 400, 404, 200]);
    expect(socket.closed).to.equal(false);
  });

  it('gets 100 Continue when it will be read', async () => {
    const { accessToken } = await app.signIn();
    for (const [line, ...more] of [
      ['POST /api/v1/auth/login'],
      ['PATCH /api/v1/auth/me', `Authorization: Bearer ${accessToken}`],
    ] as const) {
      const { socket, text } = open();
      socket.write(head(line, [json, 'Content-Length: 2', 'Expect: 100-Continue', ...more]));
      await eventually('the server continues with 100', () => text() === 'HTTP/1.1 100 Continue\r\n\r\n');
      socket.write('{}');

      await eventually('the answer arrives', () => text().includes('HTTP/1.1 400'));
    }
  });

  it('gets no 100 Continue beyond a rate limit', async () => {
    const limited = await startApp(app.databaseUrl, { env: { RATE_LIMIT_STANDARD: '1/60' } });
    try {
      await limited.send('get', '/auth/me');
      const { socket, text } = open(limited);
      socket.write(head('POST /api/v1/auth/login', [json, 'Content-Length: 2', 'Expect: 100-continue']));

      expect(statusOf(await answers(text))).to.equal(429);
    } finally {
      await limited.stop();
    }
  });

  for (const expectation of ['the-moon', '100-continue, the-moon', '200-ok']) {
    it(`is answered 417 to Expect: ${expectation}`, async () => {
      const { socket, closed, text } = open();
      socket.write(head('POST /api/v1/auth/login', [json, 'Content-Length: 2', `Expect: ${expectation}`]));

      const answer = await answers(text);
      await closed;

      expect(statusOf(answer)).to.equal(417);
      expect(JSON.parse(text().split('\r\n\r\n')[1] ?? '')).to.include({ status: 417, code: 'malformed_request' });
    });
  }

  it('gets no 100 Continue over HTTP/1.0', async () => {
    const { socket, closed, text } = open();
    socket.write(`POST /api/v1/auth/login HTTP/1.0\r\n${json}\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n{}`);
    await closed;

    expect(statusOf(text())).to.equal(400);
  });
});

/** Sends until the connection is cut, or a gigabyte is sent. */
async function sendWithoutEnd(socket: Socket, inChunks: boolean): Promise<'cut' | 'sent'> {
  const piece = Buffer.alloc(64 * 1024, ' ');
  const bytes = inChunks ? Buffer.concat([Buffer.from('10000\r\n'), piece, Buffer.from('\r\n')]) : piece;
  for (let sent = 0; sent < gigabyte; sent += piece.length) {
    if (socket.destroyed) return 'cut';
    if (!socket.write(bytes)) await once(socket, 'drain').catch(() => {});
  }
  return 'sent';
}
