import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDatabase, type Database } from '../../../src/platform/database/database.ts';
import { migrate } from '../../../src/platform/database/migrations.ts';
import { examineDatabase, tables } from '../../../src/platform/database/requirements.ts';
import type { Finding } from '../../../src/platform/findings.ts';
import { createDatabase, dropDatabase } from '../../support/postgres.ts';
import { runCommand } from '../../support/process.ts';

const unique = randomBytes(6).toString('hex');
const role = `latchkey_unfit_${unique}`;
const password = randomBytes(16).toString('hex');
const bounds = { poolMax: 1, connectTimeoutMs: 5000, statementTimeoutMs: 10_000 };

describe("a database that Latchkey can't use", function () {
  const server = () => process.env['TEST_SERVER_URL']!;
  let name: string;
  let url: string;
  let operator: Database;

  before('create a role', () => asOperator(server(), `create role ${role} login password '${password}'`));
  after('drop the role', () => asOperator(server(), `drop role ${role}`));

  beforeEach(() => {
    name = `latchkey_unfit_${randomBytes(8).toString('hex')}`;
  });
  afterEach(async () => {
    await operator.close();
    await dropDatabase(server(), name);
  });

  async function asOperator(where: string, ...statements: string[]): Promise<void> {
    const database = openDatabase(where, bounds);
    for (const statement of statements) await database.pool.raw(statement);
    await database.close();
  }

  /** Creates a database and returns its URL for the role, which owns it unless `options` say otherwise. */
  async function given({ options = '', migrated = false, statements = [] as string[] }): Promise<string> {
    await createDatabase(server(), `${name} ${options}`);
    const own = new URL(server());
    own.pathname = `/${name}`;
    url = own.href;
    operator = openDatabase(url, bounds);
    if (migrated) await migrate(url, 5000);
    for (const statement of statements) await operator.pool.raw(statement);
    return Object.assign(own, { username: role, password }).href;
  }

  /** The errors of start, migrate, status and doctor, which must be the same. */
  async function saidOf(databaseUrl: string): Promise<string[]> {
    const variables = { DATABASE_URL: databaseUrl, DATA_DIR: path.join(tmpdir(), 'latchkey-unfit'), PORT: '0' };
    const [started, migrated, listed, examined] = await Promise.all(
      [['serve'], ['migrate'], ['migrate', 'status'], ['doctor', '--json']].map((args) => runCommand(args, variables)),
    );
    for (const { status } of [started!, migrated!, listed!, examined!]) expect(status).to.equal(1);
    const { checks } = JSON.parse(examined!.stdout) as { checks: Finding[] };
    const found = checks.filter(({ check, result }) => check === 'database' && result === 'fail');
    const lines = found.map(({ reason, remedy }) => `latchkey: the database can't be used: ${reason}; ${remedy}\n`);
    expect(started!.stderr).to.equal(lines.join(''));
    expect(migrated!.stderr).to.equal(lines.join(''));
    expect(listed!.stderr).to.equal(lines.join(''));
    for (const { stdout, stderr } of [started!, migrated!, listed!, examined!]) {
      expect(stdout + stderr).not.to.match(/^ +at |knex|"users"|select .* from|\.[jt]s:/im);
    }
    return lines;
  }

  const ownedBy = `owner ${role}`;
  async function foundIn(databaseUrl: string): Promise<string[]> {
    const database = openDatabase(databaseUrl, bounds);
    const { unmet } = await examineDatabase(database.pool, { migrating: true });
    await database.close();
    return unmet.map(({ reason, remedy }) => `${reason}; ${remedy}`);
  }

  const unfit: [string, Parameters<typeof given>[0], RegExp][] = [
    [
      'in LATIN1',
      { options: `${ownedBy} encoding 'LATIN1' locale_provider libc locale 'C' template template0` },
      /is in LATIN1, .*; create one that can, with: create database … encoding 'UTF8' template template0$/m,
    ],
    [
      'without an encoding',
      { options: `${ownedBy} encoding 'SQL_ASCII' locale_provider libc locale 'C' template template0` },
      /is in SQL_ASCII, /,
    ],
    [
      'with pg_trgm in another schema',
      { options: ownedBy, statements: ['create schema extensions', 'create extension pg_trgm schema extensions'] },
      /pg_trgm is in schema extensions, .*; run: alter role \w+ set search_path = public, extensions, or: alter/,
    ],
    [
      'without the schema public',
      { options: ownedBy, statements: ['drop schema public'] },
      /can use no schema of its search_path \("\$user", public\); run: create schema public authorization/,
    ],
    [
      "whose schema the role can't use",
      { migrated: true, statements: ['revoke usage on schema public from public'] },
      /role \w+ can use no schema of its search_path/,
    ],
    [
      "whose role can't create tables",
      { statements: ['create extension pg_trgm'] },
      /may not create tables in schema public; run: alter database \w+ owner to \w+, or: grant create on schema public/,
    ],
    [
      "whose role can't create the extension",
      { statements: [`grant create on schema public to ${role}`] },
      /may not create the extension pg_trgm; let a superuser run: create extension pg_trgm, or: grant create on database/,
    ],
    [
      'whose role can only select',
      { migrated: true, statements: [`grant select on all tables in schema public to ${role}`] },
      /may not insert, update, delete on users(, \w+)+; run the command migrate as the owner of the tables, with DATABASE_RUNTIME_ROLE=\w+$/m,
    ],
    [
      "whose role can't even select",
      { migrated: true },
      /may not select on migrations; run the command migrate as the owner of the tables/,
    ],
    [
      'whose sessions are read-only',
      { options: ownedBy, statements: ['alter database :name set default_transaction_read_only = on'] },
      /it is read-only, because default_transaction_read_only is on; run: alter role \w+ reset default_transaction_read_only/,
    ],
    [
      "with another program's table users",
      {
        options: ownedBy,
        statements: ['create table users (id serial, login text)', `alter table users owner to ${role}`],
      },
      /a table users exists already, which Latchkey did not create; give Latchkey a database of its own/,
    ],
    [
      "with another program's table migrations",
      { options: ownedBy, statements: ['create table migrations (id int, migration text, batch int)'] },
      /the table migrations exists already and is not Latchkey's; give Latchkey a database of its own/,
    ],
    [
      "with another program's migrations",
      {
        options: ownedBy,
        statements: [
          'create table migrations (id serial, name text, batch int, migration_time timestamptz)',
          `alter table migrations owner to ${role}`,
          `insert into migrations (name, batch) values ('20200101_shop.js', 1)`,
        ],
      },
      /the table migrations lists migrations that are not Latchkey's \(20200101_shop\.js\); give Latchkey a database of its own/,
    ],
    [
      'that lacks a table',
      {
        options: ownedBy,
        migrated: true,
        statements: [`grant all on all tables in schema public to ${role}`, 'drop table idempotency_keys'],
      },
      /the table idempotency_keys is missing, .*; restore it from a backup/,
    ],
  ];

  const named = ({ statements, ...options }: Parameters<typeof given>[0]) =>
    given({ ...options, statements: statements?.map((statement) => statement.replace(':name', name)) ?? [] });

  // Processes are slow, so only the first of each kind runs them.
  const alike = ['in LATIN1', 'with pg_trgm', 'without a schema', 'only select', 'sessions only read', 'a table users'];
  for (const [what, options, line] of unfit) {
    const isAlike = alike.some((part) => what.includes(part));
    it(`${what}: reports one line with a remedy${isAlike ? ', from start, migrate, status and doctor alike' : ''}`, async () => {
      const databaseUrl = await named(options);

      const lines = isAlike ? await saidOf(databaseUrl) : await foundIn(databaseUrl);

      expect(lines.filter((each) => line.test(each))).to.have.length(1);
      for (const each of lines) expect(each.trim().split('\n')).to.have.length(1);
    });
  }

  it("doesn't include a migrated one, which has the required tables", async () => {
    await given({ migrated: true });

    const { rows } = await operator.pool.raw<{ rows: { name: string }[] }>(
      `select tablename as name from pg_tables where schemaname = 'public' and tablename not like 'migrations%'`,
    );

    expect(rows.map((row) => row.name)).to.have.members([...tables]);
  });

  it('while frozen: reports it in our own words, in time', async () => {
    await given({});
    const frozen = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
    await once(frozen, 'listening');
    const { port } = frozen.address() as AddressInfo;
    const variables = {
      DATABASE_URL: `postgres://latchkey:secret@127.0.0.1:${port}/latchkey`,
      DATABASE_CONNECT_TIMEOUT_MS: '500',
      DATA_DIR: path.join(tmpdir(), 'latchkey-unfit'),
      PORT: '0',
    };

    const ended = await Promise.all(
      [['serve'], ['migrate'], ['migrate', 'status'], ['migrate', 'rollback', '--yes']].map((args) =>
        runCommand(args, variables),
      ),
    );

    frozen.close();
    for (const { status, stderr } of ended) {
      expect(status).to.equal(1);
      expect(stderr).to.equal(
        "latchkey: the database of DATABASE_URL can't be used (no answer within DATABASE_CONNECT_TIMEOUT_MS); " +
          'check that it runs and that the URL is right\n',
      );
    }
  });
});
