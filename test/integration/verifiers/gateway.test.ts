/** nginx, configured as in openapi/verifiers/nginx/, lets in who has an access token. */
import { expect } from 'chai';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { useApp } from '../../support/app.ts';
import { eventually } from '../../support/eventually.ts';
import { freePort } from '../../support/ports.ts';

const keptSeconds = 5;

describe('the gateway of the examples', function () {
  const app = useApp({ env: { TRUST_PROXY: '1', RATE_LIMIT_STANDARD: '100/60' } });
  let directory: string;
  let service: Server;
  let gateway: ChildProcess | undefined;
  let port: number;

  before('start nginx in front of a service', async function () {
    const isHere = await promisify(execFile)('nginx', ['-v']).then(
      () => true,
      () => false,
    );
    directory = await mkdtemp(path.join(tmpdir(), 'latchkey-gateway-'));
    service = createServer((_request, response) => response.end('the service'));
    service.listen(0, '127.0.0.1');
    await once(service, 'listening');
    if (!isHere) {
      process.stdout.write('  skipped the gateway: nginx is missing\n');
      return this.skip();
    }
    port = await freePort();
    const example = await readFile(path.resolve('openapi', 'verifiers', 'nginx', 'nginx.conf'), 'utf8');
    const here = example
      .replace('127.0.0.1:8000', new URL(app.origin).host)
      .replace('127.0.0.1:3000', `127.0.0.1:${(service.address() as AddressInfo).port}`)
      .replace('127.0.0.1:8080', `127.0.0.1:${port}`)
      .replace('/dev/shm/latchkey-answers', path.join(directory, 'answers'));
    const file = path.join(directory, 'nginx.conf');
    await writeFile(file, here);
    // As root, its workers would be somebody else, who can't enter the directory.
    const user = process.getuid?.() === 0 ? 'user root; ' : '';
    const directives = `${user}daemon off; pid ${directory}/pid; error_log stderr crit;`;
    gateway = spawn('nginx', ['-p', directory, '-c', file, '-g', directives], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await eventually(
      'nginx listens',
      () =>
        ask().then(
          () => true,
          () => false,
        ),
      10_000,
    );
  });
  after('stop it', async () => {
    gateway?.kill('SIGTERM');
    if (gateway?.exitCode === null) await once(gateway, 'exit');
    service.close();
    await rm(directory, { recursive: true, force: true });
  });

  const ask = (token?: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${port}/`, {
      ...init,
      headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
    });

  it('accepts requests with an access token, bodies included, and no others', async () => {
    const { accessToken } = await app.signIn();

    const answer = await ask(accessToken, { method: 'POST', body: 'a note' });
    expect([answer.status, await answer.text()]).to.deep.equal([200, 'the service']);
    const without = await ask();
    expect(without.status).to.equal(401);
    expect(without.headers.get('www-authenticate')).to.include('Bearer');
    expect((await ask('token')).status).to.equal(401);
    expect((await ask(`${accessToken.slice(0, -8)}AAAAAAAA`)).status).to.equal(401);
  });

  it('asks Latchkey once every five seconds, not for each request', async () => {
    const { accessToken } = await app.signIn();
    let asked = 0;
    const count = ({ url }: { url?: string | undefined }) => {
      if (url?.endsWith('/auth/me')) asked++;
    };

    app.server.prependListener('request', count);
    for (let times = 0; times < 50; times++) expect((await ask(accessToken)).status).to.equal(200);

    app.server.off('request', count);
    expect(asked).to.be.within(1, 3);
  });

  it('refuses an ended session a few seconds later', async () => {
    const { accessToken } = await app.signIn();
    expect((await ask(accessToken)).status).to.equal(200);

    const ended = Date.now();
    await app.send('post', '/auth/logout', { token: accessToken });

    await eventually('it is refused', async () => (await ask(accessToken)).status === 401, 20_000);
    expect(Date.now() - ended).to.be.below((keptSeconds + 4) * 1000);
  });

  it('answers 503, not 401, when Latchkey does not answer', async () => {
    const { accessToken } = await app.signIn();
    const statuses: number[] = [];
    // Beyond its rate limit.
    await eventually(
      'Latchkey refuses to answer',
      async () => {
        const { status } = await ask(`${accessToken}x`);
        statuses.push(status);
        return status === 503;
      },
      30_000,
    );
    expect(new Set(statuses)).to.deep.equal(new Set([401, 503]));
  });
});
