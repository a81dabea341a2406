import { expect } from 'chai';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/database/embedded-postgres.ts';
import { EmbeddedPostgresError, findBinaries, linkLibraries } from '../../src/database/postgres-binaries.ts';

const source = path.join(import.meta.dirname, '..', '..', 'src', 'database', 'embedded-postgres.ts');

/** Runs one statement. */
async function query(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

/** Whether a process can be signalled. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('embedded PostgreSQL', function () {
  this.timeout(30_000);

  let directory: string;
  let running: EmbeddedPostgres[];
  let announced: string[];
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'latchkey-embedded-'));
    running = [];
    announced = [];
  });
  afterEach(async () => {
    for (const server of running.reverse()) await server.stop();
    await rm(directory, { recursive: true, force: true });
  });

  // Making one takes longer than all else, so most tests begin with a copy.
  let seed: string;
  before(async () => {
    seed = await mkdtemp(path.join(tmpdir(), 'latchkey-embedded-seed-'));
    const settings = { fsync: 'off' };
    const server = await startEmbeddedPostgres({ directory: seed, announce: () => {}, settings, whenInUse: 'refuse' });
    await server.stop();
  });
  after(() => rm(seed, { recursive: true }));
  const givenData = () => cp(path.join(seed, 'data'), path.join(directory, 'data'), { recursive: true });

  async function start(
    whenInUse: 'refuse' | 'share' = 'refuse',
    where = directory,
    settings: Record<string, string> = { fsync: 'off' },
  ): Promise<EmbeddedPostgres> {
    const announce = (message: string) => void announced.push(message);
    const server = await startEmbeddedPostgres({ directory: where, announce, settings, whenInUse });
    running.push(server);
    return server;
  }

  /** Why a start is refused, as a person reads it. */
  async function refusal(starting = start()): Promise<string> {
    try {
      await starting;
    } catch (error) {
      if (error instanceof EmbeddedPostgresError) return error.message;
      throw error;
    }
    throw new Error('the start was not refused');
  }

  /** The process id of the PostgreSQL as its own file says it. */
  const postmaster = async () =>
    Number((await readFile(path.join(directory, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0]);

  it('starts from nothing, for this user only, and says so', async () => {
    const server = await start();

    expect(await query(server.url, 'select current_database(), current_user')).to.deep.equal([
      { current_database: 'latchkey', current_user: 'latchkey' },
    ]);
    expect(server.shared).to.equal(false);
    expect((await readdir(directory)).sort(), 'no draft is left').to.deep.equal(['data', 'postgres.log']);
    expect(announced).to.deep.equal([`creating a PostgreSQL in ${directory}`, 'starting PostgreSQL']);
    expect((await stat(path.join(directory, 'data'))).mode & 0o077).to.equal(0);
    expect((await stat(path.join(directory, 'data', 'latchkey.password'))).mode & 0o077).to.equal(0);
  });

  it('asks for the password', async () => {
    await givenData();
    const url = new URL((await start()).url);
    url.password = 'wrong';

    const failure = await query(url.href, 'select 1').catch((error: unknown) => error);

    expect(failure).to.have.property('code', '28P01');
  });

  it('keeps data from a stop to the next start', async () => {
    await givenData();
    const first = await start();
    await query(first.url, 'create table kept as select 7 as number');
    await first.stop();

    const second = await start();

    expect(await query(second.url, 'select number from kept')).to.deep.equal([{ number: 7 }]);
  });

  it('is gone after a stop, and a second stop is harmless', async () => {
    await givenData();
    const server = await start();
    const pid = await postmaster();

    await server.stop();
    await server.stop();

    expect(isAlive(pid)).to.equal(false);
    expect(await query(server.url, 'select 1').catch(() => 'no answer')).to.equal('no answer');
  });

  it('stops while clients are connected', async () => {
    await givenData();
    const server = await start();
    const client = new pg.Client({ connectionString: server.url });
    client.on('error', () => {});
    await client.connect();
    const ended = new Promise<string>((resolve) => client.once('end', () => resolve('cut')));

    await server.stop();

    expect(await ended).to.equal('cut');
  });

  it('refuses a second start while the first runs, says what to do, and leaves the first alone', async () => {
    await givenData();
    const first = await start();

    const message = await refusal();

    expect(message).to.equal(
      `${directory} is in use by another instance (its PostgreSQL is process ${await postmaster()}); ` +
        'stop it or set another DATA_DIR',
    );
    expect(await query(first.url, 'select 1 as one')).to.deep.equal([{ one: 1 }]);
  });

  for (const data of ['no data', 'data'] as const) {
    it(`lets one of two starts at the same time win, with ${data} there`, async () => {
      if (data === 'data') await givenData();

      const settled = await Promise.allSettled([start(), start()]);

      const lost = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
      expect(lost).to.have.length(1);
      expect(lost[0]).to.be.instanceOf(EmbeddedPostgresError).with.property('message').that.includes('is in use');
      expect(await query(running[0]!.url, 'select 1 as one')).to.deep.equal([{ one: 1 }]);
    });
  }

  it('is shared by those who ask for it, and outlives them', async () => {
    await givenData();
    const owner = await start();

    const guest = await start('share');
    await guest.stop();

    expect(guest).to.include({ shared: true, url: owner.url });
    expect(await query(owner.url, 'select 1 as one')).to.deep.equal([{ one: 1 }]);
  });

  it('belongs to those who would share it when nobody runs it', async () => {
    await givenData();
    expect(await start('share')).to.have.property('shared', false);
  });

  it('is taken over from a process that was killed, with its data, and can be stopped', async () => {
    await givenData();
    const script = `
      import { startEmbeddedPostgres } from ${JSON.stringify(pathToFileURL(source).href)};
      const directory = ${JSON.stringify(directory)};
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
    // PostgreSQL frees the lock of a dead client as soon as it reads the end of the connection.
    while ((await query(url, owned)).length > 0);
    const heir = await start();

    expect(isAlive(pid), 'the orphan runs').to.equal(true);
    expect(heir).to.include({ shared: false, url });
    expect(announced).to.deep.equal(['taking over the PostgreSQL that an earlier process left running']);
    expect(await query(heir.url, 'select number from kept')).to.deep.equal([{ number: 7 }]);
    expect(await refusal(), 'the heir is the owner').to.include('is in use');
    await heir.stop();
    expect(isAlive(pid), 'the orphan was stopped').to.equal(false);
  });

  it('starts again after PostgreSQL itself was killed', async () => {
    await givenData();
    const first = await start();
    await query(first.url, 'create table kept as select 7 as number');
    process.kill(await postmaster(), 'SIGKILL');
    await first.stop();

    const second = await start();

    expect(await query(second.url, 'select number from kept')).to.deep.equal([{ number: 7 }]);
  });

  it('starts where an initialisation was interrupted', async () => {
    const draft = path.join(directory, 'draft-abc123');
    await mkdir(draft);
    await writeFile(path.join(draft, 'PG_VERSION'), '18\n');
    await writeFile(`${draft}.password`, 'half');

    const server = await start();

    expect(await query(server.url, 'select 1 as one')).to.deep.equal([{ one: 1 }]);
  });

  it('refuses the data of another major version, names both, and changes nothing', async () => {
    const data = path.join(directory, 'data');
    await mkdir(data);
    await writeFile(path.join(data, 'PG_VERSION'), '17\n');

    const message = await refusal();

    expect(message).to.equal(
      `${data} was made by PostgreSQL 17, this is 18; ` +
        'set another DATA_DIR, or dump it with the old version and load it into the new',
    );
    expect(await readdir(data)).to.deep.equal(['PG_VERSION']);
  });

  it('works in a very long path with signs that shells mind', async () => {
    const deep = path.join(directory, "it's a $HOME & more", 'd'.repeat(200), 'e'.repeat(200));

    const server = await start('refuse', deep);

    expect(await query(server.url, 'select 1 as one')).to.deep.equal([{ one: 1 }]);
  });

  it('names the reason when PostgreSQL does not start', async () => {
    await givenData();
    expect(await refusal(start('refuse', directory, { shared_buffers: 'nonsense' }))).to.match(/FATAL.*shared_buffers/);
  });

  it('says in a line that its folder is not a folder', async () => {
    await writeFile(path.join(directory, 'data'), '');
    expect(await refusal()).to.match(/can't be used \(ENOTDIR.*set a DATA_DIR that this user can write$/);
  });

  it('serves root as nobody where user namespaces are refused, and after that where they are not', async function () {
    const nobody = { uid: 65534, gid: 65534 };
    const { postgres } = await findBinaries();
    if (process.getuid?.() !== 0 || spawnSync(postgres, ['--version'], nobody).status !== 0) this.skip();
    await givenData();
    const usualPath = process.env['PATH'] ?? '';
    await writeFile(path.join(directory, 'unshare'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    process.env['PATH'] = `${directory}:${usualPath}`;
    const first = await start().finally(() => (process.env['PATH'] = usualPath));
    await first.stop();

    const server = await start();

    expect((await stat(path.join(directory, 'data'))).uid).to.not.equal(0);
    expect(await query(server.url, 'select 1 as one')).to.deep.equal([{ one: 1 }]);
  });

  describe('installed without its install script', () => {
    it('gets the links to its libraries that the script would have made, once', async () => {
      await mkdir(path.join(directory, 'native', 'lib'), { recursive: true });
      await writeFile(path.join(directory, 'native', 'lib', 'libx.so.1.2'), 'a library');
      const links = [{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' }];
      await writeFile(path.join(directory, 'native', 'pg-symlinks.json'), JSON.stringify(links));

      await linkLibraries(directory, 'a-package');
      await linkLibraries(directory, 'a-package');

      expect(await readlink(path.join(directory, 'native', 'lib', 'libx.so.1'))).to.equal('libx.so.1.2');
    });

    it('says how to make them where it may not', async () => {
      await mkdir(path.join(directory, 'native'));
      const links = [{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' }];
      await writeFile(path.join(directory, 'native', 'pg-symlinks.json'), JSON.stringify(links));

      const message = await linkLibraries(directory, 'a-package').catch((error: unknown) => String(error));

      expect(message).to.match(/links to its libraries.*can't be made \(ENOENT\); run: npm rebuild a-package$/);
    });
  });

  it('uses the settings that it is given', async () => {
    await givenData();
    const server = await start();

    expect(await query(server.url, 'show fsync')).to.deep.equal([{ fsync: 'off' }]);
  });
});
