import { expect } from 'chai';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, readlink, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import {
  EmbeddedPostgresError,
  findBinaries,
  linkLibraries,
} from '../../../src/platform/embedded-postgres/binaries.ts';
import { query, refusalOfStart, useEmbeddedPostgres } from '../../support/embedded-postgres.ts';
import { eventually } from '../../support/eventually.ts';

const source = path.join(
  import.meta.dirname,
  '..',
  '..',
  '..',
  'src',
  'platform',
  'embedded-postgres',
  'embedded-postgres.ts',
);

/** Whether a process is alive. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('embedded PostgreSQL', function () {
  const given = useEmbeddedPostgres();

  /** PostgreSQL's process id, from its postmaster.pid. */
  const postmaster = async () =>
    Number((await readFile(path.join(given.directory, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0]);

  it('knows the letters of any script, so that searches find trigrams of them', async () => {
    const server = await given.start();
    await query(server.url, 'create extension pg_trgm');

    const [found] = await query(server.url, `select show_trgm('Иванов') as cyrillic, show_trgm('田中') as han`);

    expect(found?.['cyrillic']).not.to.be.empty;
    expect(found?.['han']).not.to.be.empty;
  });

  it('starts from nothing for this user only, and says so', async () => {
    const server = await given.start();

    expect(await query(server.url, 'select current_database(), current_user')).to.deep.equal([
      { current_database: 'latchkey', current_user: 'latchkey_service' },
    ]);
    expect(server.shared).to.equal(false);
    expect((await readdir(given.directory)).sort(), 'no draft is left').to.deep.equal([
      'data',
      'postgres.log',
      'socket',
    ]);
    expect(given.announced).to.deep.equal([`creating a PostgreSQL in ${given.directory}`, 'starting PostgreSQL']);
    expect((await stat(path.join(given.directory, 'data'))).mode & 0o077).to.equal(0);
    for (const name of ['data/latchkey.password', 'data/service.password', 'socket']) {
      expect((await stat(path.join(given.directory, name))).mode & 0o077, name).to.equal(0);
    }
  });

  it('asks for the password', async () => {
    await given.givenData();
    const url = new URL((await given.start()).url);
    url.password = 'wrong';

    const failure = await query(url.href, 'select 1').catch((error: unknown) => error);

    expect(failure).to.have.property('code', '28P01');
  });

  it('lets two processes that share it start at the same time', async () => {
    await given.givenData();

    const both = await Promise.all([given.start('share'), given.start('share')]);

    expect(both.map(({ shared }) => shared).sort()).to.deep.equal([false, true]);
    for (const { url } of both) expect(await query(url, 'select 1 as one')).to.deep.equal([{ one: 1 }]);
  });

  it('keeps data across restarts', async () => {
    await given.givenData();
    const first = await given.start();
    await query(first.url, 'create table kept as select 7 as number');
    await first.stop();

    const second = await given.start();

    expect(await query(second.url, 'select number from kept')).to.deep.equal([{ number: 7 }]);
  });

  it('is gone after a stop, which may be repeated', async () => {
    await given.givenData();
    const server = await given.start();
    const pid = await postmaster();

    await server.stop();
    await server.stop();

    expect(isAlive(pid)).to.equal(false);
    expect(await query(server.url, 'select 1').catch(() => 'no answer')).to.equal('no answer');
  });

  it('stops while clients are connected', async () => {
    await given.givenData();
    const server = await given.start();
    const client = new pg.Client({ connectionString: server.url });
    client.on('error', () => {});
    await client.connect();
    const ended = new Promise<string>((resolve) => client.once('end', () => resolve('cut')));

    await server.stop();

    expect(await ended).to.equal('cut');
  });

  it('refuses a second start, says what to do, and leaves the first alone', async () => {
    await given.givenData();
    const first = await given.start();

    const message = await refusalOfStart(given.start());

    expect(message).to.equal(
      `${given.directory} is in use by another instance (PostgreSQL is process ${await postmaster()}); ` +
        'stop it or set another DATA_DIR',
    );
    expect(await query(first.url, 'select 1 as one')).to.deep.equal([{ one: 1 }]);
  });

  for (const data of ['no data', 'data'] as const) {
    it(`lets one of two starts at the same time win, with ${data} there`, async () => {
      if (data === 'data') await given.givenData();

      const settled = await Promise.allSettled([given.start(), given.start()]);

      const lost = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
      expect(lost).to.have.length(1);
      expect(lost[0]).to.be.instanceOf(EmbeddedPostgresError).with.property('message').that.includes('is in use');
      expect(await query(given.running[0]!.url, 'select 1 as one')).to.deep.equal([{ one: 1 }]);
    });
  }

  it('is shared by those who ask to share, and outlives them', async () => {
    await given.givenData();
    const owner = await given.start();

    const guest = await given.start('share');
    await guest.stop();

    expect(guest).to.include({ shared: true, url: owner.url });
    expect(await query(owner.url, 'select 1 as one')).to.deep.equal([{ one: 1 }]);
  });

  it('is started by those who would share it when nobody runs it', async () => {
    await given.givenData();
    expect(await given.start('share')).to.have.property('shared', false);
  });

  it('is taken over from a killed process with its data, and can be stopped', async () => {
    await given.givenData();
    const script = `
      import { startEmbeddedPostgres } from ${JSON.stringify(pathToFileURL(source).href)};
      const directory = ${JSON.stringify(given.directory)};
      const server = await startEmbeddedPostgres({ directory, announce: () => {}, whenInUse: 'refuse' });
      console.log(server.url);
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const url = line.toString().trim();
    await query(url, 'create table kept as select 7 as number');
    const pid = await postmaster();
    const owned = `select 1 from pg_locks where locktype = 'advisory'`;

    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    // PostgreSQL releases a dead client's lock once it notices that the connection is closed.
    while ((await query(url, owned)).length > 0);
    const heir = await given.start();

    expect(isAlive(pid), 'the orphan runs').to.equal(true);
    expect(heir).to.include({ shared: false, url });
    expect(given.announced).to.deep.equal(['taking over the PostgreSQL that an earlier process left running']);
    expect(await query(heir.url, 'select number from kept')).to.deep.equal([{ number: 7 }]);
    expect(await refusalOfStart(given.start()), 'the heir is the owner').to.include('is in use');
    await heir.stop();
    expect(isAlive(pid), 'the orphan was stopped').to.equal(false);
  });

  it('starts again after PostgreSQL itself was killed', async () => {
    await given.givenData();
    const first = await given.start();
    await query(first.url, 'create table kept as select 7 as number');
    process.kill(await postmaster(), 'SIGKILL');
    await first.stop();

    const second = await given.start();

    expect(await query(second.url, 'select number from kept')).to.deep.equal([{ number: 7 }]);
  });

  it("waits for a killed one that hasn't exited yet", async () => {
    await given.givenData();
    const first = await given.start();
    await query(first.url, 'create table kept as select 7 as number');
    const pid = await postmaster();
    process.kill(pid, 'SIGSTOP');
    const second = given.start();
    const wait = `waiting for PostgreSQL process ${pid} to answer or exit`;
    await Promise.race([second, eventually('the wait', () => given.announced.includes(wait))]);

    process.kill(pid, 'SIGKILL');

    expect(await query((await second).url, 'select number from kept')).to.deep.equal([{ number: 7 }]);
  });

  it('starts after an interrupted initialization', async () => {
    const draft = path.join(given.directory, 'draft-abc123');
    await mkdir(draft);
    await writeFile(path.join(draft, 'PG_VERSION'), '18\n');
    await writeFile(`${draft}.password`, 'half');

    const server = await given.start();

    expect(await query(server.url, 'select 1 as one')).to.deep.equal([{ one: 1 }]);
  });

  it('refuses data of another major version, naming both, and changes nothing', async () => {
    const data = path.join(given.directory, 'data');
    await mkdir(data);
    await writeFile(path.join(data, 'PG_VERSION'), '17\n');

    const message = await refusalOfStart(given.start());

    expect(message).to.equal(
      `${data} was created by PostgreSQL 17, and this is 18; ` +
        'set another DATA_DIR, or dump it with the old version and load it into the new one',
    );
    expect(await readdir(data)).to.deep.equal(['PG_VERSION']);
  });

  it('works in a very long path with shell metacharacters', async () => {
    const deep = path.join(given.directory, "it's a $HOME & more", 'd'.repeat(200), 'e'.repeat(200));

    const server = await given.start('refuse', deep);

    expect(await query(server.url, 'select 1 as one')).to.deep.equal([{ one: 1 }]);
  });

  it("gives the reason when PostgreSQL doesn't start", async () => {
    await given.givenData();
    expect(await refusalOfStart(given.start('refuse', given.directory, { shared_buffers: 'nonsense' }))).to.match(
      /FATAL.*shared_buffers/,
    );
  });

  it("reports a data directory that isn't a directory", async () => {
    await writeFile(path.join(given.directory, 'data'), '');
    expect(await refusalOfStart(given.start())).to.match(
      /can't be used \(ENOTDIR.*set a DATA_DIR that this user can write to$/,
    );
  });

  it('serves root as nobody with or without user namespaces', async function () {
    const nobody = { uid: 65534, gid: 65534 };
    const { postgres } = await findBinaries();
    if (process.getuid?.() !== 0 || spawnSync(postgres, ['--version'], nobody).status !== 0) this.skip();
    await given.givenData();
    const usualPath = process.env['PATH'] ?? '';
    await writeFile(path.join(given.directory, 'unshare'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    process.env['PATH'] = `${given.directory}:${usualPath}`;
    const first = await given.start().finally(() => (process.env['PATH'] = usualPath));
    await first.stop();

    const server = await given.start();

    expect((await stat(path.join(given.directory, 'data'))).uid).to.not.equal(0);
    expect(await query(server.url, 'select 1 as one')).to.deep.equal([{ one: 1 }]);
  });

  describe('installed without its install script', () => {
    it('creates the library links that the script would have made, once', async () => {
      await mkdir(path.join(given.directory, 'native', 'lib'), { recursive: true });
      await writeFile(path.join(given.directory, 'native', 'lib', 'libx.so.1.2'), 'a library');
      const links = [{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' }];
      await writeFile(path.join(given.directory, 'native', 'pg-symlinks.json'), JSON.stringify(links));

      await linkLibraries(given.directory, 'a-package');
      await linkLibraries(given.directory, 'a-package');

      expect(await readlink(path.join(given.directory, 'native', 'lib', 'libx.so.1'))).to.equal('libx.so.1.2');
    });

    it('says how to create them when it may not', async () => {
      await mkdir(path.join(given.directory, 'native'));
      const links = [{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' }];
      await writeFile(path.join(given.directory, 'native', 'pg-symlinks.json'), JSON.stringify(links));

      const message = await linkLibraries(given.directory, 'a-package').catch((error: unknown) => String(error));

      expect(message).to.match(/links to its libraries.*can't be created \(ENOENT\); run: npm rebuild a-package$/);
    });
  });

  it('uses the given settings', async () => {
    await given.givenData();
    const server = await given.start();

    expect(await query(server.url, 'show fsync')).to.deep.equal([{ fsync: 'off' }]);
  });
});
