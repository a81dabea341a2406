import { randomBytes, randomUUID } from 'node:crypto';
import { examineEnvironment } from '../../../src/commands/doctor.ts';
import { mayDeploy } from '../../../src/doctor/report.ts';
import { openDatabase, type Database } from '../../../src/platform/database/database.ts';
import { grantRuntimeRole } from '../../../src/platform/database/runtime-role.ts';
import type { Finding } from '../../../src/platform/findings.ts';
import { copyTemplate } from '../../support/database.ts';
import { startMailServer, type MailServer } from '../../support/smtp.ts';
import { openTunnel, type Tunnel } from '../../support/tunnel.ts';
import { aUser } from '../factories.ts';

const bounds = { poolMax: 1, connectTimeoutMs: 5000, statementTimeoutMs: 10_000 };

/** A production-ready environment, created for each test, and doctor's verdict on it. */
export interface Production {
  readonly role: string;
  readonly password: string;
  readonly variables: Readonly<Record<string, string>>;
  /** The environment's database, as the role that created it. */
  readonly database: Database;
  readonly databaseUrl: string;
  /** The URL of a database on this machine for a role with only the rights that Latchkey needs. */
  asRole(url: string, database: Database): Promise<string>;
  /** What `doctor` finds, with some variables changed. */
  examine(changes?: Record<string, string>): Promise<Examined>;
}

export interface Examined {
  readonly deploy: boolean;
  readonly checks: readonly Finding[];
  readonly failed: Finding[];
}

/** Creates a production-ready environment for each test of the suite. */
export function useProduction(): Production {
  const role = `latchkey_doctor_${randomBytes(8).toString('hex')}`;
  const password = randomBytes(16).toString('hex');
  let copy: { url: string; drop: () => Promise<void> };
  let database: Database;
  let variables: Record<string, string>;
  let tunnel: Tunnel;
  let mailServer: MailServer;

  async function asServer(statement: string): Promise<void> {
    const server = openDatabase(process.env['TEST_SERVER_URL']!, bounds);
    await server.pool.raw(statement);
    await server.close();
  }

  async function asRole(url: string, { pool }: Database): Promise<string> {
    if (await pool.schema.hasTable('audit_events')) await grantRuntimeRole(url, 5000, role, () => {});
    return Object.assign(new URL(tunnel.through(url)), { username: role, password }).href;
  }

  before('create a role', async () => {
    mailServer = await startMailServer({});
    await asServer(`create role ${role} login password '${password}'`);
    tunnel = await openTunnel(process.env['TEST_SERVER_URL']!);
  });

  after('drop the role', async () => {
    await mailServer.stop();
    tunnel.close();
    await asServer(`drop role ${role}`);
  });

  beforeEach('create a production environment', async () => {
    copy = await copyTemplate();
    database = openDatabase(copy.url, bounds);
    const { id: userId } = await aUser(database.pool, { role: 'admin' });
    const app = { id: randomUUID(), kind: 'totp', name: 'Phone', confirmed_at: new Date() };
    await database.pool('factors').insert({ ...app, user_id: userId });
    variables = {
      NODE_ENV: 'production',
      DATABASE_URL: await asRole(copy.url, database),
      JWT_SECRETS: 'Vf3kP0zQmXw7RyT2LbNc9HsJd5GaEu81',
      FACTOR_KEYS: 'aKcx0y3fS7mS5V9u2o1b8Yw1n0D4w6c3h5qkq7m2r0E=',
      PUBLIC_URL: 'https://accounts.example.com',
      SMTP_URL: `smtp://127.0.0.1:${mailServer.port}`,
      MAIL_FROM: 'accounts@example.com',
      TRUST_PROXY: '1',
      REQUIRE_SECOND_FACTOR: 'admin',
      ADMIN_PORT: '9000',
      WORKERS: '1',
      HASHING_CONCURRENCY: '2',
    };
  });

  afterEach(async () => {
    await database.close();
    await copy.drop();
  });

  return {
    role,
    password,
    get variables() {
      return variables;
    },
    get database() {
      return database;
    },
    get databaseUrl() {
      return copy.url;
    },
    asRole,
    async examine(changes = {}) {
      const checks = await examineEnvironment({ ...variables, ...changes });
      return { deploy: mayDeploy(checks), checks, failed: checks.filter(({ result }) => result === 'fail') };
    },
  };
}
