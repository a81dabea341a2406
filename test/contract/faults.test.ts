/** What every operation answers when something behind it fails or the database is down. */
import { createServer } from 'node:net';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { createAuthorization } from '../../src/access/authorization.ts';
import type { Handlers } from '../../src/http/operation.ts';
import type { Context } from '../../src/process/context.ts';
import type { Log } from '../../src/platform/log/log.ts';
import { startApp, useApp, type TestApp } from '../support/app.ts';
import type { Answer } from '../support/client.ts';
import { createDatabase, dropDatabase } from '../support/postgres.ts';
import { allowedRequest, operationOf, operations, send } from './requests.ts';

type Started = Awaited<ReturnType<typeof startApp>>;

interface LogLine {
  readonly request_id: string;
  readonly err: Error;
}

const secret = 'connect to postgres://keeper:hunter2@10.1.2.3 failed';

describe('a fault behind an operation', () => {
  // A working server and two broken ones on the same database; tokens of one are valid on the others.
  const sound = useApp();
  const logged: LogLine[] = [];
  let broken: Started;
  let blind: Started;

  before('start a server with failing handlers and one with failing authentication', async () => {
    const url = sound.databaseUrl;
    const log = recordingLog((line) => logged.push(line));
    broken = await startApp(url, {
      log,
      alter: (context) => ({ ...context, handlers: brokenHandlers(context) }),
    });
    blind = await startApp(url, {
      log,
      alter: (context) => ({
        ...context,
        authorize: createAuthorization({ bearerAuth: { challenge: 'Bearer', authenticate: fail } }, undefined),
      }),
    });
  });
  after('stop them', async () => {
    await broken.stop();
    await blind.stop();
  });

  for (const operation of operations) {
    it(`is a 500 of ${operation.id}, whose cause is logged but not revealed`, async () => {
      expectHiddenCause(await send(broken, await allowedRequest(operation, sound)));
    });
  }

  for (const operation of operations.filter(({ leastRole }) => leastRole !== null)) {
    it(`is a 500 of ${operation.id} when authentication fails`, async () => {
      expectHiddenCause(await send(blind, await allowedRequest(operation, sound)));
    });
  }

  function expectHiddenCause({ status, body, bytes, headers }: Answer): void {
    expect([status, body.code]).to.deep.equal([500, 'internal_error']);
    expect(bytes.toString() + JSON.stringify(headers)).not.to.match(/postgres|keeper|hunter2|10\.1\.2\.3|\.ts\b/);
    const lines = logged.filter(({ request_id: id }) => id === headers['x-request-id']);
    expect(lines.map(({ err }) => err.message)).to.deep.equal([secret]);
  }
});

describe('a database outage', () => {
  // Both have the same secrets, so the one without a database accepts the tokens of the other.
  const sound = useApp();
  const logged: LogLine[] = [];
  let dead: Started;

  before('start a server without its database', async () => {
    const log = recordingLog((line) => logged.push(line));
    dead = await startApp(`postgres://nobody:nothing@127.0.0.1:${await closedPort()}/nowhere`, { log });
  });
  after('stop it', () => dead.stop());

  for (const operation of operations.filter(({ statuses, id }) => statuses.includes(503) && id !== 'getReadiness')) {
    it(`is a 503 of ${operation.id} with Retry-After`, async () => {
      const { status, body, headers, bytes } = await send(dead, await allowedRequest(operation, sound));

      expect([status, body.code]).to.deep.equal([503, 'service_unavailable']);
      expect(headers['retry-after']).to.equal('5');
      expect(bytes.toString()).not.to.match(/ECONNREFUSED|nobody|nothing|nowhere|127\.0\.0\.1/);
    });
  }

  it('still rejects an invalid token without asking the database', async () => {
    const { status, body } = await dead.send('get', '/auth/me', { token: 'not-a-token' });
    expect([status, body.code]).to.deep.equal([401, 'invalid_token']);
  });

  it('is logged and printed nowhere else', async () => {
    const printed: unknown[] = [];
    const print = console.log;
    console.log = (...words: unknown[]) => printed.push(words);
    try {
      await send(dead, await allowedRequest(operationOf('listUsers'), sound));
    } finally {
      console.log = print;
    }
    expect(printed).to.deep.equal([]);
    expect(logged.map(({ err }) => (err as NodeJS.ErrnoException).code)).to.include('ECONNREFUSED');
  });

  it('makes the server not ready', async () => {
    await expectNotReady(dead, 'the database does not answer');
  });

  it('leaves the process healthy', async () => {
    expect((await dead.send('get', '/health')).status).to.equal(operationOf('getHealth').success);
  });

  it('ends when the database comes back', async () => {
    const name = `latchkey_test_${randomBytes(8).toString('hex')}`;
    const url = new URL(sound.databaseUrl);
    url.pathname = `/${name}`;
    const server = await startApp(url.href);
    try {
      await expectNotReady(server, 'the database does not answer');
      await createDatabase(testServer(), name, process.env['TEST_TEMPLATE']);
      expect((await server.send('get', '/health/ready')).status).to.equal(200);
    } finally {
      await server.stop();
      await dropDatabase(testServer(), name);
    }
  });
});

describe('a server is not ready when it', () => {
  const app = useApp();

  it('has an empty database', async () => {
    const name = `latchkey_test_${randomBytes(8).toString('hex')}`;
    const server = await startApp(await createDatabase(testServer(), name));
    try {
      await expectNotReady(server, 'the database lacks migrations');
    } finally {
      await server.stop();
      await dropDatabase(testServer(), name);
    }
  });

  it('lacks one migration', async () => {
    const { pool } = app.context.database;
    const [last] = await pool('migrations').orderBy('id', 'desc').limit(1);
    await pool('migrations').where({ id: last.id }).delete();
    try {
      await expectNotReady(app, 'the database lacks migrations');
    } finally {
      await pool('migrations').insert(last);
    }
    expect((await app.send('get', '/health/ready')).status).to.equal(200);
  });

  it('is stopping, but answers everything else until it has stopped', async () => {
    const server = await startApp(app.databaseUrl);
    try {
      expect((await server.send('get', '/health/ready')).status).to.equal(200);
      server.context.beginStopping();

      await expectNotReady(server, 'the server is stopping');
      const { accessToken } = await server.signIn();
      expect((await server.send('get', '/auth/me', { token: accessToken })).status).to.equal(200);
      expect((await server.send('get', '/health')).status).to.equal(200);
    } finally {
      await server.stop();
    }
  });
});

async function expectNotReady(app: TestApp, reason: string): Promise<void> {
  const { status, body, headers } = await app.send('get', '/health/ready');

  expect([status, body.code]).to.deep.equal([503, 'not_ready']);
  expect(body.detail).to.include(reason);
  expect(headers['retry-after']).to.equal('5');
}

const fail = () => Promise.reject(new Error(secret));

function brokenHandlers({ handlers }: Context): Handlers {
  return Object.fromEntries(Object.keys(handlers).map((id) => [id, fail])) as unknown as Handlers;
}

function recordingLog(note: (line: LogLine) => void): Log {
  const ignore = () => {};
  const record = (line: unknown) => note(line as LogLine);
  return { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: record, fatal: record };
}

function testServer(): string {
  return process.env['TEST_SERVER_URL']!;
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
