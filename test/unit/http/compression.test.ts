import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import express from 'express';
import { serveText } from '../../../src/http/compression.ts';

describe('serveText', () => {
  let server: Server;
  let reads: number;
  let isReadable: boolean;

  beforeEach(async () => {
    reads = 0;
    isReadable = true;
    const app = express();
    app.get(
      '/text',
      serveText(async () => {
        reads++;
        if (!isReadable) throw new Error('no such file');
        return Buffer.from('text '.repeat(100));
      }, 'text/plain'),
    );
    app.use(((_error, _request, response, _next) => void response.sendStatus(500)) as express.ErrorRequestHandler);
    server = createServer(app).listen(0, '127.0.0.1');
  });
  afterEach(() => server.close());

  const ask = async (encoding: string) => {
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/text`, { headers: { 'Accept-Encoding': encoding } });
    return { status: answer.status, text: await answer.text() };
  };

  it('reads nothing until it is asked, and then once for each encoding', async () => {
    expect(reads).to.equal(0);

    for (const encoding of ['br', 'gzip', 'br', 'identity', 'gzip']) {
      expect(await ask(encoding)).to.deep.equal({ status: 200, text: 'text '.repeat(100) });
    }

    expect(reads).to.equal(3);
  });

  it('reads again after it failed', async () => {
    isReadable = false;
    expect(await ask('br')).to.have.property('status', 500);

    isReadable = true;

    expect(await ask('br')).to.have.property('status', 200);
  });
});
