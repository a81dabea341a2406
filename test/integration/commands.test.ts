import { readdir, readFile, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { newPerson, registration } from '../support/people.ts';
import { findProject } from '../../src/config/project.ts';
import { copyTemplate } from '../support/database.ts';
import { runCommand, startServer, type RunningServer } from '../support/process.ts';

const json = { 'Content-Type': 'application/json' };

async function post(origin: string, operation: string, body: object): Promise<Response> {
  return fetch(`${origin}/api/v1${operation}`, { method: 'POST', headers: json, body: JSON.stringify(body) });
}

describe('the commands, with the embedded PostgreSQL', function () {
  this.timeout(60_000);
  let directory: string;
  let servers: RunningServer[];

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'latchkey-commands-'));
    servers = [];
  });

  afterEach(async () => {
    for (const server of servers) if (server.child.exitCode === null) await server.stop('SIGKILL');
    await rm(directory, { recursive: true, force: true });
  });

  async function serve(variables: Record<string, string> = {}): Promise<RunningServer> {
    const server = await startServer({ DATA_DIR: directory, ...variables });
    servers.push(server);
    return server;
  }

  async function postmasterPid(): Promise<number> {
    return parseInt(await readFile(path.join(directory, 'postgres', 'data', 'postmaster.pid'), 'utf8'), 10);
  }

  it('serve makes a database, keeps what is stored over a restart, and ends everything at SIGTERM', async () => {
    const ada = newPerson();
    const first = await serve();
    expect((await post(first.origin, '/auth/register', registration(ada))).status).to.equal(201);
    const pid = await postmasterPid();

    const { status } = await first.stop('SIGTERM');

    expect(status).to.equal(0);
    expect(() => process.kill(pid, 0)).to.throw();
    const second = await serve();
    expect((await post(second.origin, '/auth/login', { email: ada.email, password: ada.password })).status).to.equal(
      200,
    );
    expect((await second.stop('SIGINT')).status).to.equal(0);
  });

  it('serve with workers: each finds the database, and so does a command beside them', async () => {
    const server = await serve({ WORKERS: '2' });

    expect((await fetch(`${server.origin}/api/v1/health/ready`)).status).to.equal(200);
    const { stdout } = await runCommand(['migrate'], { DATA_DIR: directory });
    expect(stdout).to.equal('nothing to migrate\n');
    expect((await server.stop()).status).to.equal(0);
  });

  it('serve says where everything is, and how to make the first administrator', async () => {
    const server = await serve();

    const said = server.log().map(({ msg }) => String(msg));

    expect(said.join('\n')).to.include('/api/v1').and.include('/openapi.json').and.include('npm run admin -- create');
    await server.stop();
  });

  for (const [what, variables, call] of [
    ['in the image', { container: 'oci' }, 'docker run -it … latchkey admin create --email'],
    ['by Node.js alone', {}, `node ${path.join('src', 'main.ts')} admin create --email`],
  ] as [string, Record<string, string>, string][]) {
    it(`serve that was started ${what} speaks of no npm`, async () => {
      const server = await serve({ npm_lifecycle_event: '', ...variables });

      const said = server.log().map(({ msg }) => String(msg));

      expect(said.join('\n')).to.include(call).and.not.include('npm');
      expect((await server.stop()).stderr).to.not.include('npm');
      const { stderr } = await runCommand(['migrate', 'back'], { npm_lifecycle_event: '', ...variables });
      expect(stderr)
        .to.match(/use: .*migrate, or .*status/)
        .and.not.include('npm');
    });
  }

  it('a data directory in use: one clear line, a status, and the other server goes on', async () => {
    const first = await serve();

    const second = await runCommand(['serve'], { DATA_DIR: directory, PORT: '0' });

    expect(second.status).to.equal(1);
    expect(second.stderr.trim().split('\n')).to.have.length(1);
    expect(second.stderr).to.include('in use by another instance');
    expect((await fetch(`${first.origin}/api/v1/health`)).status).to.equal(200);
    await first.stop();
  });

  it('a port in use: one clear line, a status, and no database left running', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;

    const { status, stderr } = await runCommand(['serve'], { DATA_DIR: directory, PORT: String(port) });

    holder.close();
    expect(status).to.equal(1);
    expect(stderr).to.equal(`latchkey: 127.0.0.1:${port} is in use; stop what listens there or set another PORT\n`);
    expect(await postmasterPid().catch(() => 'none')).to.equal('none');
  });

  it('a server that was killed leaves a database that the next one takes over', async () => {
    const ada = newPerson();
    const killed = await serve();
    await post(killed.origin, '/auth/register', registration(ada));
    await killed.stop('SIGKILL');
    const pid = await postmasterPid();

    const next = await serve();

    expect((await post(next.origin, '/auth/login', { email: ada.email, password: ada.password })).status).to.equal(200);
    await next.stop();
    expect(() => process.kill(pid, 0)).to.throw();
  });

  it('admin create works beside a running server, and the administrator can sign in', async () => {
    const boss = newPerson();
    const server = await serve();

    const args = ['admin', 'create', '--email', boss.email, '--name', boss.fullName];
    const { status, stdout } = await runCommand(args, { DATA_DIR: directory, BCRYPT_COST: '4' }, `${boss.password}\n`);

    expect(status).to.equal(0);
    expect(stdout).to.include(boss.email);
    const login = await post(server.origin, '/auth/login', { email: boss.email, password: boss.password });
    const { access_token: token } = (await login.json()) as { access_token: string };
    const users = await fetch(`${server.origin}/api/v1/users`, { headers: { Authorization: `Bearer ${token}` } });
    expect(users.status).to.equal(200);
    await server.stop();
  });

  it('admin create works after a server, and leaves nothing running', async () => {
    const boss = newPerson();
    await (await serve()).stop();

    const args = ['admin', 'create', '--email', boss.email, '--name', boss.fullName];
    const { status } = await runCommand(args, { DATA_DIR: directory, BCRYPT_COST: '4' }, boss.password);

    expect(status).to.equal(0);
    expect(await postmasterPid().catch(() => 'none')).to.equal('none');
  });
});

describe('the commands, where no server ever was', () => {
  for (const args of [
    ['admin', 'create', '--email', 'ada@example.com', '--name', 'Ada'],
    ['migrate'],
    ['migrate', 'status'],
    ['migrate', 'rollback', '--yes'],
  ]) {
    it(`${args.slice(0, 2).join(' ')} makes no second database, and says where it looked`, async () => {
      const parent = await mkdtemp(path.join(tmpdir(), 'latchkey-commands-'));
      const directory = path.join(parent, 'data');

      const { status, stderr } = await runCommand(args, { DATA_DIR: directory }, 'violet lantern 4711\n');

      const made = await readdir(parent);
      await rm(parent, { recursive: true });
      expect(status).to.equal(1);
      expect(stderr).to.equal(
        `latchkey: there is no database in ${directory}/postgres; set DATA_DIR to the server's or DATABASE_URL, ` +
          'or start the server once (npm start)\n',
      );
      expect(made).to.deep.equal([]);
    });
  }
});

describe('the commands, with DATABASE_URL', function () {
  this.timeout(30_000);
  let copy: { url: string; drop: () => Promise<void> };

  beforeEach(async () => {
    copy = await copyTemplate();
  });

  afterEach(() => copy.drop());

  const dataDirectory = path.join(tmpdir(), 'latchkey-commands');
  const variables = () => ({ DATABASE_URL: copy.url, DATA_DIR: dataDirectory, BCRYPT_COST: '4' });

  it('serve makes the first administrator of ADMIN_EMAIL once', async () => {
    const boss = newPerson();
    const admin = { ADMIN_EMAIL: boss.email, ADMIN_PASSWORD: boss.password };
    const first = await startServer({ ...variables(), ...admin });
    expect((await post(first.origin, '/auth/login', { email: boss.email, password: boss.password })).status).to.equal(
      200,
    );
    await first.stop();

    const second = await startServer({ ...variables(), ...admin, ADMIN_PASSWORD: 'another lantern 9931' });

    const login = await post(second.origin, '/auth/login', { email: boss.email, password: 'another lantern 9931' });
    expect(login.status).to.equal(401);
    await second.stop();
  });

  it('two servers that start at once with ADMIN_EMAIL make one administrator', async () => {
    const boss = newPerson();
    const admin = { ADMIN_EMAIL: boss.email, ADMIN_PASSWORD: boss.password };

    const both = await Promise.all([1, 2].map(() => startServer({ ...variables(), ...admin })));

    expect(
      (await post(both[0]!.origin, '/auth/login', { email: boss.email, password: boss.password })).status,
    ).to.equal(200);
    await Promise.all(both.map((server) => server.stop()));
  });

  it('a database that does not answer: one clear line and a status', async () => {
    const { status, stderr } = await runCommand(['serve'], {
      ...variables(),
      DATABASE_URL: 'postgres://nobody:secret-word@127.0.0.1:1/nothing',
    });

    expect(status).to.equal(1);
    expect(stderr.trim().split('\n')).to.have.length(1);
    expect(stderr).to.include('DATABASE_URL').and.not.include('secret-word');
  });

  it('a configuration that can not be used: one line a problem', async () => {
    const { status, stderr } = await runCommand(['serve'], { ...variables(), PORT: 'eighty', BCRYPT_COST: '99' });

    expect(status).to.equal(1);
    expect(stderr.trim().split('\n')).to.have.length(2);
    expect(stderr).to.include('PORT is "eighty"').and.include('BCRYPT_COST');
  });

  it('a command that does not exist names those that do', async () => {
    const { status, stderr } = await runCommand(['dance'], variables());

    expect(status).to.equal(2);
    expect(stderr).to.include('serve, migrate, admin');
  });

  it('ADMIN_EMAIL of a registered user stops no start, and makes nobody an administrator', async () => {
    const boss = newPerson();
    const first = await startServer(variables());
    await post(first.origin, '/auth/register', registration(boss));
    await first.stop();

    const admin = { ADMIN_EMAIL: boss.email, ADMIN_PASSWORD: boss.password };
    const second = await startServer({ ...variables(), ...admin });

    const warnings = second.log().flatMap(({ level, msg }) => (level === 40 ? [msg] : []));
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.match(/^ADMIN_EMAIL makes no administrator: .*npm run admin -- create$/);
    const login = await post(second.origin, '/auth/login', { email: boss.email, password: boss.password });
    const { access_token: token } = (await login.json()) as { access_token: string };
    const users = await fetch(`${second.origin}/api/v1/users`, { headers: { Authorization: `Bearer ${token}` } });
    expect(users.status).to.equal(403);
    await second.stop();
  });

  for (const admin of [
    { ADMIN_EMAIL: 'nobody', ADMIN_PASSWORD: 'violet lantern 4711' },
    { ADMIN_EMAIL: 'a@example.com', ADMIN_PASSWORD: 'short' },
  ]) {
    it(`${JSON.stringify(admin)} stops the start in a line that names both`, async () => {
      const { status, stderr } = await runCommand(['serve'], { ...variables(), ...admin });

      expect(status).to.equal(1);
      expect(stderr).to.match(/^latchkey: ADMIN_EMAIL and ADMIN_PASSWORD make no administrator: .*; set others\n$/);
    });
  }

  const { version } = findProject();
  for (const args of [[], ['serve'], ['migrate'], ['admin'], ['doctor']]) {
    const called = ['latchkey', ...args].join(' ');
    it(`${called} --help tells how to call it, whatever else is there, and does nothing`, async () => {
      const [help, short] = await Promise.all([
        runCommand([...args, '--help'], { PORT: 'eighty' }),
        runCommand([...args, ...args.flatMap(() => ['what', '--ever']), '-h'], { PORT: 'eighty' }),
      ]);

      expect(help).to.include({ status: 0, stderr: '' });
      expect(help.stdout).to.match(/^use: /);
      expect(short).to.deep.equal(help);
    });

    it(`${called} --version tells the version`, async () => {
      expect(await runCommand([...args, '--version'], {})).to.deep.equal({
        status: 0,
        stdout: `${version}\n`,
        stderr: '',
      });
    });
  }

  for (const args of [
    ['--nonsense'],
    ['serve', 'now'],
    ['serve', '--port=1'],
    ['serve', '--', '--help'],
    ['migrate', 'sideways'],
    ['migrate', '--nonsense'],
    ['admin'],
    ['admin', 'remove'],
    ['admin', 'create', '--', '--help'],
    ['doctor', '--yaml'],
    ['doctor', 'now'],
  ]) {
    it(`latchkey ${args.join(' ')}: how to call it, and status 2`, async () => {
      const { status, stdout, stderr } = await runCommand(args, variables());

      expect(status).to.equal(2);
      expect(stdout).to.equal('');
      expect(stderr).to.match(/^latchkey: .*use: .*\n$/);
    });
  }

  it('migrate says that there is nothing to do', async () => {
    const { status, stdout } = await runCommand(['migrate'], variables());

    expect(status).to.equal(0);
    expect(stdout).to.equal('nothing to migrate\n');
  });

  interface Refused {
    readonly what: string;
    readonly args?: string[];
    readonly password?: string | Buffer;
    readonly reason: string;
    readonly ends?: number;
  }
  for (const { what, args, password, reason, ends } of [
    {
      what: 'a common password',
      args: ['--email', 'a@example.com', '--name', 'A'],
      password: 'password1',
      reason: 'common',
    },
    {
      what: 'a short password',
      args: ['--email', 'a@example.com', '--name', 'A'],
      password: 'short',
      reason: 'must have at least 8',
    },
    { what: 'no address', args: ['--email', 'nobody', '--name', 'A'], reason: 'email ' },
    { what: 'a name without a letter', args: ['--email', 'a@example.com', '--name', ' '], reason: 'full_name ' },
    { what: 'a name of two lines', args: ['--email', 'a@example.com', '--name', 'A\nB'], reason: 'full_name ' },
    { what: 'a long name', args: ['--email', 'a@example.com', '--name', 'A'.repeat(101)], reason: 'full_name ' },
    { what: 'NUL in the password', password: 'violet\0lantern', reason: 'password ' },
    { what: 'a password that is not UTF-8', password: Buffer.from([0x76, 0xff, 0x6f]), reason: 'is not UTF-8 text' },
    {
      what: 'a name that was not UTF-8',
      args: ['--email', 'a@example.com', '--name', 'Ad\uFFFD'],
      password: 'violet lantern 4711',
      reason: 'full_name is not UTF-8 text',
    },
    { what: 'a line end within the password', password: 'violet\rlantern', reason: 'has several lines' },
    { what: 'two lines as password', password: 'violet lantern\n4711\n', reason: 'has several lines' },
    { what: 'a long password', password: 'é'.repeat(129), reason: 'password ' },
    { what: 'an endless password', password: 'x'.repeat(100_000), reason: 'is too long' },
    { what: 'no password', password: '', reason: 'password ' },
    { what: 'no name', args: ['--email', 'a@example.com'], reason: 'use: npm run admin', ends: 2 },
    { what: 'an unknown option', args: ['--mail', 'a@example.com'], reason: 'use: npm run admin', ends: 2 },
  ] as Refused[]) {
    it(`admin create with ${what}: one clear line and a status`, async () => {
      const given = args ?? ['--email', 'a@example.com', '--name', 'A'];
      const { status, stderr } = await runCommand(['admin', 'create', ...given], variables(), password ?? 'x');

      expect(status).to.equal(ends ?? 1);
      expect(stderr.trim().split('\n')).to.have.length(1);
      expect(stderr).to.include(reason);
    });
  }

  it('admin create with an address that is taken says so', async () => {
    const args = ['admin', 'create', '--email', 'ada@example.com', '--name', 'Ada'];
    await runCommand(args, variables(), 'violet lantern 4711');

    const { status, stderr } = await runCommand(args, variables(), 'violet lantern 4711');

    expect(status).to.equal(1);
    expect(stderr).to.include('e-mail');
  });
});
