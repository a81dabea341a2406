/** Bytes that Node's parser rejects before there is a request still get a problem document. */
import { expect } from 'chai';
import { useApp } from '../support/app.ts';
import { validatorAt } from '../support/contract.ts';
import { exchange, problemOf, request, type RawAnswer } from './raw.ts';

const host = 'Host: latchkey.test\r\n';

describe('a malformed request', () => {
  const app = useApp();

  const unreadable: Record<string, string> = {
    'bytes that are not HTTP': 'hello\r\n\r\n',
    'an unknown method': `BREW /api/v1/health HTTP/1.1\r\n${host}\r\n`,
    'a method in lower case': `get /api/v1/health HTTP/1.1\r\n${host}\r\n`,
    'an unknown version': `GET /api/v1/health HTTP/9.9\r\n${host}\r\n`,
    'a space in the path': `GET /api/v1/he alth HTTP/1.1\r\n${host}\r\n`,
    'no Host': 'GET /api/v1/health HTTP/1.1\r\nConnection: close\r\n\r\n',
    'two Hosts': `GET /api/v1/health HTTP/1.1\r\n${host}Host: elsewhere.test\r\nConnection: close\r\n\r\n`,
    'the same Host twice': `GET /api/v1/health HTTP/1.1\r\n${host}hOST: latchkey.test\r\nConnection: close\r\n\r\n`,
    'two Hosts for a page': `GET /docs HTTP/1.1\r\n${host}${host}Connection: close\r\n\r\n`,
    'two Hosts in HTTP/1.0': `GET /api/v1/health HTTP/1.0\r\n${host}${host}\r\n`,
    'a URL without a host': `GET http:///api/v1/health HTTP/1.1\r\n${host}Connection: close\r\n\r\n`,
    'a URL with a user': `GET http://ada@latchkey.test/ HTTP/1.1\r\n${host}Connection: close\r\n\r\n`,
    'a header without a colon': `GET /api/v1/health HTTP/1.1\r\n${host}Broken\r\n\r\n`,
    'a space in a header name': `GET /api/v1/health HTTP/1.1\r\n${host}Bro ken: x\r\n\r\n`,
    'a control character in a header': `GET /api/v1/health HTTP/1.1\r\n${host}Broken: \u0001\r\n\r\n`,
    'NUL in a header': `GET /api/v1/health HTTP/1.1\r\n${host}Broken: a\0b\r\n\r\n`,
    'two Content-Lengths': `POST /api/v1/auth/login HTTP/1.1\r\n${host}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
    "a Content-Length that isn't a number": `POST /api/v1/auth/login HTTP/1.1\r\n${host}Content-Length: two\r\n\r\n{}`,
    'a negative Content-Length': `POST /api/v1/auth/login HTTP/1.1\r\n${host}Content-Length: -1\r\n\r\n`,
    'Content-Length and chunks (request smuggling)': `POST /api/v1/auth/login HTTP/1.1\r\n${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    'an unknown transfer encoding': `POST /api/v1/auth/login HTTP/1.1\r\n${host}Transfer-Encoding: chunked, x\r\n\r\n0\r\n\r\n`,
    'a compressed transfer encoding': `POST /api/v1/auth/login HTTP/1.1\r\n${host}Content-Type: application/json\r\nTransfer-Encoding: gzip, chunked\r\nConnection: close\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    'chunks in HTTP/1.0': `POST /api/v1/auth/login HTTP/1.0\r\n${host}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    'a second Host after a thousand headers': `GET /api/v1/health HTTP/1.1\r\n${host}${'a:\r\n'.repeat(1000)}Host: elsewhere.test\r\nConnection: close\r\n\r\n`,
    'a TLS handshake': '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  };
  for (const [what, bytes] of Object.entries(unreadable)) {
    it(`is answered 400: ${what}`, async () => {
      const answer = await exchange(app, bytes);
      expectProblem(answer, 400);
      expect(answer.headers['connection']).to.equal('close');
    });
  }

  for (const value of [
    '',
    ' ',
    'a b',
    'a, b',
    'ada@latchkey.test',
    'latchkey.test/',
    'latchkey.test?x',
    'latchkey.test:http',
    ':8000',
    'http://latchkey.test',
    '[::1',
    '[::1::2]',
    '[latchkey.test]',
    '%zz',
    'läufer.test',
  ]) {
    it(`is answered 400: Host "${value}"`, async () => {
      const bytes = `GET /api/v1/health HTTP/1.1\r\nHost: ${value}\r\nConnection: close\r\n\r\n`;
      expectProblem(await exchange(app, bytes), 400);
    });
  }

  for (const value of ['latchkey.test', 'LATCHKEY.test:8000', '127.0.0.1:', '[::1]:8000', 'my_host', '%41.test']) {
    it(`doesn't include a valid one: Host ${value}`, async () => {
      const bytes = `GET /api/v1/health HTTP/1.1\r\nHost: ${value}\r\nConnection: close\r\n\r\n`;
      expect((await exchange(app, bytes)).status).to.equal(200);
    });
  }

  it('is answered 431 when its headers are too long', async () => {
    const headers = `X-Much: ${'m'.repeat(20_000)}\r\n`;
    const answer = await exchange(app, `GET /api/v1/health HTTP/1.1\r\n${host}${headers}\r\n`);
    expectProblem(answer, 431);
    expect(problemOf(answer).detail).to.equal('The URL and the headers may have at most 16384 bytes.');
  });

  it('is answered 431 when its URL is too long', async () => {
    expectProblem(await exchange(app, `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`), 431);
  });

  it('gets its own request id', async () => {
    const [one, other] = [await exchange(app, 'x\r\n\r\n'), await exchange(app, 'x\r\n\r\n')];
    expect(problemOf(one).instance).not.to.equal(problemOf(other).instance);
  });

  it("doesn't disturb the next request", async () => {
    for (const bytes of Object.values(unreadable)) await exchange(app, bytes);
    expect((await app.send('get', '/health')).status).to.equal(200);
  });

  it('is dropped when its body ends early, and the server continues', async () => {
    const head = `POST /api/v1/auth/login HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 50\r\n\r\n{`;
    await exchange(app, head, 'end');
    expect((await app.send('get', '/health')).status).to.equal(200);
  });

  it('is answered 400 when a chunk is malformed', async () => {
    const type = 'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n';
    const answer = await exchange(app, `POST /api/v1/auth/login HTTP/1.1\r\n${host}${type}\r\nzz\r\n{}\r\n0\r\n\r\n`);
    expectProblem(answer, 400);
  });
});

describe('an unusual request', () => {
  const app = useApp();

  it('may have an absolute URL', async () => {
    for (const target of ['http://latchkey.test/api/v1/health', 'HTTPS://x:99/api/v1/health']) {
      const answer = await exchange(app, `GET ${target} HTTP/1.1\r\n${host}Connection: close\r\n\r\n`);
      expect([target, answer.status]).to.deep.equal([target, 200]);
    }
    const nothing = await exchange(app, `GET http://latchkey.test HTTP/1.1\r\n${host}Connection: close\r\n\r\n`);
    expect([nothing.status, nothing.headers['content-type']]).to.deep.equal([200, 'text/html; charset=utf-8']);
  });

  it('may have * as its path, which is not found', async () => {
    for (const line of ['OPTIONS *', 'GET *']) {
      const { status } = await request(app, line, []);
      expect([line, status]).to.deep.equal([line, 404]);
    }
  });

  it('may be TRACE, which is refused and echoes nothing', async () => {
    for (const path of ['/api/v1/auth/me', '/docs', '/nowhere']) {
      const answer = await request(app, `TRACE ${path}`, ['Cookie: echo=me', 'X-Echo: me']);
      expect([path, answer.status]).to.deep.equal([path, path === '/nowhere' ? 404 : 405]);
      expect(answer.bytes.toString().toLowerCase()).not.to.include('echo');
    }
  });

  it('may be HTTP/1.0 without a Host', async () => {
    expect((await exchange(app, 'GET /api/v1/health HTTP/1.0\r\n\r\n')).status).to.equal(200);
  });

  it('may ask for a tunnel, but gets none', async () => {
    const answer = await exchange(app, `CONNECT latchkey.test:443 HTTP/1.1\r\n${host}\r\n`);
    // Node closes the connection, as it does without a listener for tunnels.
    expect(answer.bytes).to.have.length(0);
  });

  it('may ask to upgrade, and is answered without', async () => {
    const headers = ['Connection: close, Upgrade', 'Upgrade: websocket'];
    const answer = await exchange(app, `GET /api/v1/health HTTP/1.1\r\n${host}${headers.join('\r\n')}\r\n\r\n`);
    expect(answer.status).to.equal(200);
  });

  it('may split a list over several header fields', async () => {
    const { status } = await request(app, 'GET /api/v1/health', ['If-None-Match: "a"', 'If-None-Match: "b"']);
    expect(status).to.equal(200);
  });

  for (const [one, other] of [
    ['Content-Type: application/json', 'Content-Type: text/plain'],
    ['Content-Type: text/plain', 'content-type: application/json'],
    ['Authorization: Bearer a', 'AUTHORIZATION: Bearer b'],
  ] as const) {
    it(`may not have ${one} and ${other}, since a proxy may have read either`, async () => {
      const headers = [one, other, 'Content-Length: 2'];
      const answer = await request(app, 'POST /api/v1/auth/login', headers, '{}');
      expectProblem(answer, 400);
    });
  }

  it('may not have two Idempotency-Keys', async () => {
    const headers = ['Content-Type: application/json', 'Content-Length: 2', 'Idempotency-Key: a', 'Idempotency-Key: b'];
    const answer = await request(app, 'POST /api/v1/auth/register', headers, '{}');
    expect(answer.status).to.equal(400);
    expect(answer.bytes.toString().toLowerCase()).to.include('/headers/idempotency-key');
  });

  it('may have two X-Request-Ids, which are replaced', async () => {
    const answer = await request(app, 'GET /api/v1/health', ['X-Request-Id: a', 'X-Request-Id: b']);
    expect(answer.headers['x-request-id']).to.match(/^[0-9a-f-]{36}$/);
  });
});

/** The response is a problem document of the contract, though no operation was reached. */
function expectProblem(answer: RawAnswer, status: number): void {
  expect(answer.status).to.equal(status);
  expect(answer.headers['content-type']).to.equal('application/problem+json; charset=utf-8');
  expect(answer.headers).to.include({
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
  });
  const problem = problemOf(answer);
  const validate = validatorAt('/components/schemas/Problem');
  expect(validate(problem), JSON.stringify(validate.errors)).to.equal(true);
  expect([problem.status, problem.code]).to.deep.equal([status, 'malformed_request']);
  expect(problem.instance).to.equal(`urn:latchkey:request:${answer.headers['x-request-id']!}`);
}
