/** Who can connect to the embedded PostgreSQL, and what they can do. */
import { expect } from 'chai';
import { once } from 'node:events';
import { chmod, mkdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { readConfig } from '../../../src/platform/config/config.ts';
import { chooseAddress, connect, readPostmaster } from '../../../src/platform/embedded-postgres/address.ts';
import { readSuperuserPassword, superuser } from '../../../src/platform/embedded-postgres/data.ts';
import { query, refusalOfStart, useEmbeddedPostgres } from '../../support/embedded-postgres.ts';

describe('access to the embedded PostgreSQL', function () {
  const given = useEmbeddedPostgres();

  it('opens no port, and its URL works as a DATABASE_URL', async () => {
    await given.givenData();
    const { url } = await given.start();

    expect(await query(url, 'show listen_addresses')).to.deep.equal([{ listen_addresses: '' }]);
    expect(readConfig({ DATABASE_URL: url, JWT_SECRETS: 'x'.repeat(32) })).to.deep.include({
      problems: [],
      warnings: [],
    });
  });

  it("gives the service a role that owns its database but can't read files or run programs", async () => {
    await given.givenData();
    const { url } = await given.start();
    const codeOf = (statement: string) =>
      query(url, statement).catch((error: unknown) => (error as { code: string }).code);

    await query(url, 'create table names (name text); create extension citext; create extension pg_trgm');
    const [role] = await query(
      url,
      `select rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls,
         (select count(*)::int from pg_auth_members where member = pg_roles.oid) as memberships
       from pg_roles where rolname = current_user`,
    );

    expect(role).to.deep.equal({
      ...{ rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolreplication: false, rolbypassrls: false },
      memberships: 0,
    });
    for (const statement of [
      "copy names from program 'id'",
      "copy names to '/dev/null'",
      "select pg_read_file('postgresql.conf')",
      "select lo_import('/etc/passwd')",
      'alter role latchkey_service superuser',
      "alter system set shared_preload_libraries = 'x'",
    ]) {
      expect(await codeOf(statement), statement).to.equal('42501');
    }
  });

  it('hands over what an earlier release kept as superuser', async () => {
    await given.givenData();
    const first = await given.start();
    const password = await readSuperuserPassword(path.join(given.directory, 'data'));
    const socket = { host: path.join(given.directory, 'socket'), port: 5432 };
    const old = await connect(socket, { user: superuser, password, database: superuser });
    await old.query(`
      alter database latchkey owner to latchkey; drop owned by latchkey_service; drop role latchkey_service;
      create extension pg_trgm; create type mood as enum ('good'); create domain short as text check (length(value) < 9);
      create table kept (id serial primary key, number int generated always as identity, name text, mood mood, short short);
      create index on kept using gin (name gin_trgm_ops); create sequence apart; create view seen as select * from kept;
      create function one() returns int language sql as 'select 1'; create schema other; create table other.too ();
      insert into kept (name) values ('Ada')`);
    await old.end();
    await first.stop();
    await rm(path.join(given.directory, 'data', 'service.password'));

    for (let starts = 0; starts < 2; starts++) {
      const { url, stop } = await given.start();

      expect(await query(url, 'select name from seen')).to.deep.equal([{ name: 'Ada' }]);
      await query(url, "insert into kept (name) values ('Grace'); delete from kept where name = 'Grace'");
      await query(
        url,
        'alter table kept add x int; alter table kept drop x; alter table other.too add x int; alter table other.too drop x',
      );
      expect(await query(url, 'select current_user, nextval($$apart$$) > 0 as counts, one()')).to.deep.equal([
        { current_user: 'latchkey_service', counts: true, one: 1 },
      ]);
      await stop();
    }
    const { url } = await given.start();
    await query(
      url,
      'drop view seen; drop table kept; drop type mood; drop domain short; drop function one(); drop schema other cascade',
    );
  });

  it('creates a new password for the role when its file is lost', async () => {
    await given.givenData();
    const first = await given.start();
    await first.stop();
    await rm(path.join(given.directory, 'data', 'service.password'));

    const second = await given.start();

    expect(second.url).not.to.equal(first.url);
    expect(await query(second.url, 'select 1 as one')).to.deep.equal([{ one: 1 }]);
  });

  it('is found on the port of an earlier release', async () => {
    const lines = ['4711', given.directory, '1700000000', '40123', '', '127.0.0.1', '  123 4', 'ready', ''];
    await writeFile(path.join(given.directory, 'postmaster.pid'), lines.join('\n'));

    expect(await readPostmaster(given.directory)).to.deep.equal({
      pid: 4711,
      address: { host: '127.0.0.1', port: 40123 },
    });
  });

  for (const [what, request] of [
    ['the password', Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3])],
    ['its MD5 digest', Buffer.from([0x52, 0, 0, 0, 12, 0, 0, 0, 5, 1, 2, 3, 4])],
  ] as const) {
    it(`doesn't reveal ${what} to an impostor`, async () => {
      const heard: Buffer[] = [];
      const impostor = createServer((socket) => {
        socket.on('error', () => {});
        socket.on('data', (data) => {
          heard.push(data);
          if (heard.length === 1) socket.write(request);
        });
      }).listen(0, '127.0.0.1');
      await once(impostor, 'listening');
      const { port } = impostor.address() as AddressInfo;

      const login = { user: superuser, password: 'violet-lantern', database: 'postgres' };
      const failure = await connect({ host: '127.0.0.1', port }, login).catch((error: unknown) => String(error));

      impostor.close();
      expect(failure).to.include('asks for more than SCRAM');
      expect(Buffer.concat(heard).toString()).to.not.include('violet-lantern').and.not.include('md5');
      expect(heard).to.have.length(1);
    });
  }

  it("keeps its socket out of another user's directory", async () => {
    const usual = process.env['TMPDIR'];
    const shared = path.join(given.directory, 'tmp');
    const deep = path.join(given.directory, 'd'.repeat(100));
    for (const folder of [shared, deep]) await mkdir(folder);
    process.env['TMPDIR'] = shared;
    try {
      const { host } = await chooseAddress(deep, { prefix: [] });
      expect(path.dirname(host)).to.equal(shared);
      expect((await stat(host)).mode & 0o777).to.equal(0o700);
      expect(await chooseAddress(deep, { prefix: [] }), 'the same for all').to.deep.equal({ host, port: 5432 });
      await rm(host, { recursive: true });
      await symlink(given.directory, host);
      expect(await refusalOfStart(chooseAddress(deep, { prefix: [] }))).to.include(
        'is not a private folder of this user',
      );
      await rm(host);
      await mkdir(host);
      await chmod(host, 0o755);
      expect(await refusalOfStart(chooseAddress(deep, { prefix: [] }))).to.include(
        'is not a private folder of this user',
      );
    } finally {
      if (usual === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = usual;
    }
  });

  it('listens in a directory whose name has commas and quotes', async () => {
    const named = path.join(given.directory, 'a, "b" c');

    const server = await given.start('refuse', named);

    expect(server.url).to.include(encodeURIComponent(named));
    expect(await query(server.url, 'select 1 as one')).to.deep.equal([{ one: 1 }]);
  });
});
