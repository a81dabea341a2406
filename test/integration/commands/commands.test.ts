import { readdir, readFile, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { newPerson, registration } from '../../support/people.ts';
import { runCommand, startServer, type RunningServer } from '../../support/process.ts';

const json = { 'Content-Type': 'application/json' };

async function post(origin: string, operation: string, body: object): Promise<Response> {
  return fetch(`${origin}/api/v1${operation}`, { method: 'POST', headers: json, body: JSON.stringify(body) });
}

describe('the commands, with the embedded PostgreSQL', function () {
  let directory: string;
  let servers: RunningServer[];

  // The first test creates the database in it, which takes longer than most others.
  before(async () => void (directory = await mkdtemp(path.join(tmpdir(), 'latchkey-commands-'))));
  after(() => rm(directory, { recursive: true, force: true }));

  beforeEach(() => {
    servers = [];
  });
  afterEach(async () => {
    for (const server of servers) if (server.child.exitCode === null) await server.stop('SIGTERM');
  });

  async function serve(variables: Record<string, string> = {}): Promise<RunningServer> {
    const server = await startServer({ DATA_DIR: directory, ...variables });
    servers.push(server);
    return server;
  }

  async function postmasterPid(): Promise<number> {
    return parseInt(await readFile(path.join(directory, 'postgres', 'data', 'postmaster.pid'), 'utf8'), 10);
  }

  it('serve creates a database, says where everything is and how to create an administrator, and stops everything on SIGTERM', async () => {
    const ada = newPerson();
    const first = await serve();
    const said = first.log().map(({ msg }) => String(msg));
    expect(said.join('\n')).to.include('/api/v1').and.include('/openapi.json').and.include('npm run admin -- create');
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

  it('serve with workers: each finds the database, as does another command', async () => {
    const server = await serve({ WORKERS: '2' });

    expect((await fetch(`${server.origin}/api/v1/health/ready`)).status).to.equal(200);
    const { stdout } = await runCommand(['migrate'], { DATA_DIR: directory });
    expect(stdout).to.equal('nothing to migrate\n');
    expect((await server.stop()).status).to.equal(0);
  });

  for (const [what, variables, call] of [
    ['in the image', { container: 'oci' }, 'docker run -it … latchkey admin create --email'],
    ['directly with Node.js', {}, `node ${path.join('dist', 'server', 'main.js')} admin create --email`],
  ] as [string, Record<string, string>, string][]) {
    it(`serve started ${what} doesn't mention npm`, async () => {
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

  it('a data directory in use: exits with an error and one clear line, and the other server continues', async () => {
    const first = await serve();

    const second = await runCommand(['serve'], { DATA_DIR: directory, PORT: '0' });

    expect(second.status).to.equal(1);
    expect(second.stderr.trim().split('\n')).to.have.length(1);
    expect(second.stderr).to.include('in use by another instance');
    expect((await fetch(`${first.origin}/api/v1/health`)).status).to.equal(200);
    await first.stop();
  });

  it('a port in use: exits with an error and one clear line, leaving no database running', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;

    const { status, stderr } = await runCommand(['serve'], { DATA_DIR: directory, PORT: String(port) });

    holder.close();
    expect(status).to.equal(1);
    expect(stderr).to.equal(`latchkey: 127.0.0.1:${port} is in use; stop what listens there or set another PORT\n`);
    expect(await postmasterPid().catch(() => 'none')).to.equal('none');
  });

  it('a killed server leaves a database that the next one takes over', async () => {
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

  it('admin create works while a server runs, and the administrator can sign in', async () => {
    const boss = newPerson();
    const server = await serve();

    const args = ['admin', 'create', '--email', boss.email, '--name', boss.fullName];
    const { status, stdout } = await runCommand(args, { DATA_DIR: directory, BCRYPT_COST: '4' }, `${boss.password}\n`);

    expect(status).to.equal(0);
    expect(stdout).to.include(boss.email);
    const login = await post(server.origin, '/auth/login', { email: boss.email, password: boss.password });
    const { access_token: token } = (await login.json()) as { access_token: string };
    const headers = { Authorization: `Bearer ${token}` };
    const users = await fetch(`${server.origin}/api/v1/users`, { headers });
    expect(users.status).to.equal(200);
    const events = await fetch(`${server.origin}/api/v1/audit-events?type=user.created`, { headers });
    const { items } = (await events.json()) as { items: { actor_id: unknown; details: object }[] };
    expect(items[0]).to.deep.include({ actor_id: null, details: { role: 'admin', by: 'operator' } });
    await server.stop();
  });

  it('admin create works after a server, and leaves nothing running', async () => {
    const boss = newPerson();

    const args = ['admin', 'create', '--email', boss.email, '--name', boss.fullName];
    const { status } = await runCommand(args, { DATA_DIR: directory, BCRYPT_COST: '4' }, boss.password);

    expect(status).to.equal(0);
    expect(await postmasterPid().catch(() => 'none')).to.equal('none');
  });
});

describe('the commands, where no server ever ran', () => {
  for (const args of [
    ['admin', 'create', '--email', 'ada@example.com', '--name', 'Ada'],
    ['admin', 'promote', 'ada@example.com'],
    ['admin', 'list'],
    ['migrate'],
    ['migrate', 'status'],
    ['migrate', 'rollback', '--yes'],
  ]) {
    it(`${args.slice(0, 2).join(' ')} creates no second database, and says where it looked`, async () => {
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

  it('a DATA_DIR that is no directory, or that this user cannot read, is reported in one line', async () => {
    const parent = await mkdtemp(path.join(tmpdir(), 'latchkey-commands-'));
    const [file, loop] = [path.join(parent, 'file'), path.join(parent, 'loop')];
    await writeFile(file, '');
    await symlink(loop, loop);

    const [ofFile, ofLoop] = [
      await runCommand(['jobs', 'list'], { DATA_DIR: file }),
      await runCommand(['jobs', 'list'], { DATA_DIR: loop }),
    ];

    await rm(parent, { recursive: true });
    expect([ofFile.status, ofLoop.status]).to.deep.equal([1, 1]);
    expect(ofFile.stderr).to.match(/^latchkey: there is no database in .*; set DATA_DIR to the server's.*\n$/);
    expect(ofLoop.stderr).to.match(/^latchkey: .* can't be read \(ELOOP\); run this as the server's user.*\n$/);
  });
});
