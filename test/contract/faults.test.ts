/** What every operation answers when something behind it breaks, or when its database is away. */
import { createServer } from 'node:net';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import type { Services } from '../../src/context.ts';
import type { Log } from '../../src/log.ts';
import { startApp, useApp, type TestApp } from '../support/app.ts';
import { createDatabase, dropDatabase } from '../support/postgres.ts';
import { allowedRequest, operationOf, operations, send } from './requests.ts';

type Started = Awaited<ReturnType<typeof startApp>>;

const secret = 'connect to postgres://keeper:hunter2@10.1.2.3 failed';

describe('a fault behind an operation', () => {
  // A server that works, and one on the same database whose services break; a token of one is good for the other.
  const sound = useApp();
  const logged: { request_id: string; err: Error }[] = [];
  let broken: Started;

  before('start a server whose services break', async () => {
    const url = databaseUrlOf(sound);
    const log = recordingLog((line) => logged.push(line as { request_id: string; err: Error }));
    broken = await startApp(url, {
      log,
      alter: (context) => ({ ...context, services: breaking(context.services) }),
    });
  });
  after('stop it', () => broken.stop());

  for (const operation of operations) {
    it(`is a 500 of ${operation.id} that says nothing of its cause, which is logged`, async () => {
      const { status, body, bytes, headers } = await send(broken, await allowedRequest(operation, sound));

      expect([status, body.code]).to.deep.equal([500, 'internal_error']);
      expect(bytes.toString() + JSON.stringify(headers)).not.to.match(/postgres|keeper|hunter2|10\.1\.2\.3|\.ts\b/);
      const lines = logged.filter(({ request_id: id }) => id === headers['x-request-id']);
      expect(lines.map(({ err }) => err.message)).to.deep.equal([secret]);
    });
  }
});

describe('a database that is away', () => {
  // Both have the same secrets, so that the one without a database knows the tokens of the one that has one.
  const sound = useApp();
  let dead: Started;

  before('start a server without its database', async () => {
    dead = await startApp(`postgres://nobody:nothing@127.0.0.1:${await closedPort()}/nowhere`);
  });
  after('stop it', () => dead.stop());

  for (const operation of operations.filter(({ statuses, id }) => statuses.includes(503) && id !== 'getReadiness')) {
    it(`is a 503 of ${operation.id}, to be tried again`, async () => {
      const { status, body, headers, bytes } = await send(dead, await allowedRequest(operation, sound));

      expect([status, body.code]).to.deep.equal([503, 'service_unavailable']);
      expect(headers['retry-after']).to.equal('5');
      expect(bytes.toString()).not.to.match(/ECONNREFUSED|nobody|nothing|nowhere|127\.0\.0\.1/);
    });
  }

  it('still refuses a token that is not good, without asking the database', async () => {
    const { status, body } = await dead.send('get', '/auth/me', { token: 'not-a-token' });
    expect([status, body.code]).to.deep.equal([401, 'invalid_token']);
  });

  it('makes the server not ready', async () => {
    await expectNotReady(dead, 'the database does not answer');
  });

  it('leaves the process healthy', async () => {
    expect((await dead.send('get', '/health')).status).to.equal(operationOf('getHealth').success);
  });

  it('is over when the database comes back', async () => {
    const name = `latchkey_test_${randomBytes(8).toString('hex')}`;
    const url = new URL(databaseUrlOf(sound));
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

describe('a server that is not ready', () => {
  const app = useApp();

  it('lacks every migration: its database is empty', async () => {
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

  it('is stopping, and answers everything else until it has stopped', async () => {
    const server = await startApp(databaseUrlOf(app));
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

/** Services whose every method throws, but for the one that knows who calls. */
function breaking(services: Services): Services {
  const breakAll = <Service extends object>(service: Service, ...spared: string[]): Service => {
    const fail = () => {
      throw new Error(secret);
    };
    return new Proxy(service, {
      get: (target, name: string) => (spared.includes(name) ? (Reflect.get(target, name) as unknown) : fail),
    });
  };
  return {
    health: breakAll(services.health),
    auth: breakAll(services.auth),
    sessions: breakAll(services.sessions, 'authenticate'),
    users: breakAll(services.users),
    idempotency: breakAll(services.idempotency),
  };
}

function recordingLog(record: (line: unknown) => void): Log {
  const ignore = () => {};
  return { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: record, fatal: record };
}

function databaseUrlOf(app: TestApp): string {
  const { connection } = app.context.database.pool.client.config as { connection: { connectionString: string } };
  return connection.connectionString;
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
