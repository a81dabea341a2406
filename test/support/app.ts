/** A complete Latchkey for a test file: its own database, a listening server, a client and users. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createApp } from '../../src/process/app.ts';
import { loadConfig } from '../../src/platform/config/config.ts';
import { createContext, type Context } from '../../src/process/context.ts';
import { createHttpServer } from '../../src/http/server.ts';
import type { Log } from '../../src/platform/log/log.ts';
import { createLog } from '../../src/platform/log/log.ts';
import type { Role, User } from '../../src/access/user.ts';
import type { UserChanges } from '../../src/features/users/users.repository.ts';
import type { NewUser, Precondition } from '../../src/features/users/users.service.ts';
import { createClient, type Answer, type Call, type Method, type Send } from './client.ts';
import { copyTemplate } from './database.ts';
import { newPerson, type Person } from './people.ts';
import { patientMs } from './process.ts';

export const basePath = '/api/v1';

/** Where an operation is: with the base path, except those where standards put them. */
export const fullPath = (path: string): string => (path.startsWith('/.well-known/') ? path : basePath + path);

/** Somebody with an account and a session. */
export interface SignedIn extends Person {
  readonly id: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

export interface TestApp {
  readonly context: Context;
  readonly server: Server;
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  /** The URL of its database, to start another server on it. */
  readonly databaseUrl: string;
  /** Sends a request to an operation's path, such as `/users`. */
  send: Send;
  /** Sends a request to any path of the server. */
  sendOutside: Send;
  /** Changes users without the API, each in its own transaction. */
  readonly users: {
    create(user: NewUser): Promise<User>;
    update(id: string, changes: UserChanges, precondition?: Precondition): Promise<User>;
    remove(id: string, precondition?: Precondition): Promise<void>;
  };
  /** Makes a user with a role in the database and signs in over HTTP. */
  signIn(role?: Role, person?: Person): Promise<SignedIn>;
  /** Signs a person in over HTTP. */
  login(person: Person): Promise<Answer>;
}

export interface AppOptions {
  /** Environment variables, on top of `testEnvironment`. */
  readonly env?: Record<string, string>;
  readonly log?: Log;
  /** Where it listens; any free port if there is none. */
  readonly port?: number;
  /** Changes the context before the app is created, to cause a fault. */
  readonly alter?: (context: Context) => Context;
}

/** The default environment of a test server. */
export function testEnvironment(databaseUrl: string): Record<string, string> {
  return {
    NODE_ENV: 'test',
    DATABASE_URL: databaseUrl,
    DATABASE_CONNECT_TIMEOUT_MS: patientMs,
    DATA_DIR: tmpdir(),
    JWT_SECRETS: 'a signing secret for tests only 0123456789',
    BCRYPT_COST: '4',
    RATE_LIMIT_STANDARD: 'off',
    RATE_LIMIT_CREDENTIALS: 'off',
    LOG_LEVEL: 'silent',
    LOG_FORMAT: 'json',
    PUBLIC_URL: 'https://latchkey.test',
  };
}

/** Starts a server on an existing database. */
export async function startApp(
  databaseUrl: string,
  options: AppOptions = {},
): Promise<TestApp & { stop(): Promise<void> }> {
  const directory = await mkdtemp(path.join(tmpdir(), 'latchkey-app-'));
  const variables = { ...testEnvironment(databaseUrl), DATA_DIR: directory, ...options.env };
  const { config, secrets } = loadConfig(variables);
  const made = await createContext(config, secrets, databaseUrl, options.log ?? createLog(config.log));
  const context = options.alter?.(made) ?? made;
  const server = createHttpServer(createApp(context).handle, config);
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const sendOutside = createClient(server);
  const send: Send = (method: Method, path: string, call?: Call) => sendOutside(method, fullPath(path), call);
  const login = ({ email, password }: Person) => send('post', '/auth/login', { json: { email, password } });
  const { service } = made.features.users;
  const { transaction } = made.database;
  const users: TestApp['users'] = {
    async create(user) {
      const prepared = await service.prepare(user);
      return transaction((db) => service.create(db, prepared, {}));
    },
    update: (id, changes, precondition = () => true) =>
      transaction((db) => service.update(db, id, changes, precondition, {})),
    remove: (id, precondition = () => true) => transaction((db) => service.remove(db, id, precondition, {})),
  };
  return {
    context,
    users,
    server,
    origin: `http://127.0.0.1:${address.port}`,
    databaseUrl,
    send,
    sendOutside,
    login,
    async signIn(role = 'user', person = newPerson()) {
      const user = await users.create({ ...person, role });
      const answer = await login(person);
      const tokens = answer.body as { access_token: string; refresh_token: string };
      return { ...person, id: user.id, accessToken: tokens.access_token, refreshToken: tokens.refresh_token };
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await made.close();
      await rm(directory, { recursive: true });
    },
  };
}

/** Runs a server for the suite on its own database. */
export function useApp(options: AppOptions = {}): TestApp {
  let app: Awaited<ReturnType<typeof startApp>> | undefined;
  let drop: (() => Promise<void>) | undefined;
  before('start a server on its own database', async () => {
    const copy = await copyTemplate();
    drop = copy.drop;
    app = await startApp(copy.url, options);
  });
  after('stop the server', async () => {
    await app?.stop();
    await drop?.();
  });
  return standIn(() => app);
}

/** Runs another server for the suite on the same database, like a second process. */
export function useSecondApp(first: TestApp, options: AppOptions = {}): TestApp {
  let app: Awaited<ReturnType<typeof startApp>> | undefined;
  before('start a second server on the same database', async () => {
    app = await startApp(first.databaseUrl, options);
  });
  after('stop the second server', () => app?.stop());
  return standIn(() => app);
}

// Tests are declared before the server starts, so this resolves it on each access.
function standIn(current: () => TestApp | undefined): TestApp {
  return new Proxy({} as TestApp, {
    get: (_target, name) => {
      const app = current();
      if (!app) throw new Error('the server has not started yet: use it in hooks and tests only');
      return Reflect.get(app, name) as unknown;
    },
  });
}
