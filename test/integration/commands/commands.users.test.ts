import { expect } from 'chai';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { useApp } from '../../support/app.ts';
import { copyTemplate, useDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { launch, runCommand } from '../../support/process.ts';
import { useTwoRoles } from '../../support/runtime-role.ts';
import { hasTerminal, runAtTerminal } from '../../support/terminal.ts';

/** bcrypt of `seven green kites, Zürich`, as made elsewhere. */
const hash = '$2a$05$gm/9XMlTCGiC7vO4.cVQ5eBoBy2OPQeXFj5e1MUiedzYCV2IGpqAq';
const password = 'seven green kites, Zürich';

type Fields = Record<string, unknown>;

const ndjson = (lines: readonly Fields[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

/** A user of a file, whose address no other has. */
function aLine(changes: Fields = {}): Fields & { email: string } {
  const mark = randomBytes(6).toString('hex');
  return {
    id: randomUUID(),
    email: `line-${mark}@example.com`,
    full_name: 'Ada Quill',
    password_hash: hash,
    ...changes,
  };
}

describe('the command users', function () {
  this.timeout(120_000);
  const app = useApp();
  const twoRoles = useTwoRoles();
  const empty = useDatabase();
  let directory: string;
  before(async () => void (directory = await mkdtemp(path.join(tmpdir(), 'latchkey-users-'))));
  after(() => rm(directory, { recursive: true }));

  const variables = (url = app.databaseUrl) => ({
    DATABASE_URL: url,
    DATA_DIR: path.join(tmpdir(), 'latchkey-commands'),
  });
  const run = (args: string[], url?: string) => runCommand(['users', ...args], variables(url));
  const users = () => app.context.database.pool('users');
  const rowOf = (email: string) => users().where({ email }).first<Fields | undefined>();
  const login = (email: string) => app.send('post', '/auth/login', { json: { email, password } });

  async function aFile(content: string | Uint8Array): Promise<string> {
    const file = path.join(directory, `${randomUUID()}.ndjson`);
    await writeFile(file, content);
    return file;
  }
  async function refusalsOf(file: string): Promise<{ line: number; field?: string; reason: string; remedy: string }[]> {
    const text = await readFile(`${file}.refused.ndjson`, 'utf8');
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { line: number; field?: string; reason: string; remedy: string });
  }
  const eventsOf = (type: string, url = app.context.database.pool) =>
    url('audit_events')
      .where({ type })
      .orderBy('created_at')
      .select<{ details: Fields; user_id: string | null }[]>('*');

  describe('import', () => {
    it('adds users, who sign in with the passwords that they had', async () => {
      const line = aLine({ email_verified: true, created_at: '2020-02-03T04:05:06Z', role: 'moderator' });
      const file = await aFile(ndjson([line, aLine({ is_active: false })]));

      expect(await run(['import', file])).to.include({ status: 0, stdout: '2 imported\n', stderr: '' });

      const { body, status } = await login(line.email);
      expect(status).to.equal(200);
      const me = await app.send('get', '/auth/me', { token: body.access_token as string });
      expect(me.body).to.include({
        ...{ id: line['id'], email: line.email, full_name: 'Ada Quill', email_verified: true, role: 'moderator' },
        ...{ is_active: true, created_at: '2020-02-03T04:05:06.000Z', updated_at: '2020-02-03T04:05:06.000Z' },
      });
    });

    it('lets users without a password in by a reset only', async () => {
      const line = aLine({ password_hash: null });

      await run(['import', await aFile(ndjson([line]))]);

      expect((await login(line.email)).status).to.equal(401);
      expect(await rowOf(line.email)).to.include({ password_hash: '!' });
    });

    it('refuses what is wrong with its line, a reason and a remedy, and adds the rest', async () => {
      const [good, taken, twice] = [aLine(), aLine(), aLine()];
      await run(['import', await aFile(ndjson([taken]))]);
      const file = await aFile(
        Buffer.concat([
          Buffer.from(`\uFEFF${JSON.stringify(good)}\r\n\r\n`),
          Buffer.from(ndjson([aLine({ email: 'nobody' })])),
          Buffer.from('{"email":"Zo\xeb"}\n', 'latin1'),
          Buffer.from(`${'x'.repeat(10_000_000)}\n`),
          Buffer.from(ndjson([aLine({ email: taken.email.toUpperCase() }), aLine({ id: taken['id'] })])),
          Buffer.from(ndjson([twice, aLine({ email: twice.email }), aLine({ id: twice['id'] })])),
          Buffer.from(ndjson([{ ...taken, password_hash: hash.replace('gm', 'gn') }])),
        ]),
      );

      const { status, stdout, stderr } = await run(['import', file]);

      expect({ status, stdout }).to.deep.equal({ status: 1, stdout: '2 imported, 8 refused\n' });
      expect(stderr).to.equal(`${file}.refused.ndjson says why, and what to do\n`);
      expect(
        (await refusalsOf(file)).map(({ line, field = '', reason }) => `${line} ${field} ${reason}`),
      ).to.deep.equal([
        '3 email must be an e-mail address, such as ada@example.com',
        '4  is not UTF-8 text',
        '5  is longer than 65536 bytes',
        '6 email belongs to another user, in the database or on an earlier line',
        '7 id belongs to a user with another address, in the database or on an earlier line',
        '9 email belongs to another user, in the database or on an earlier line',
        '10 id belongs to a user with another address, in the database or on an earlier line',
        '11 password_hash differs from the one that this user has',
      ]);
      expect(await rowOf(good.email)).to.include({ id: good['id'] });
      const { mode } = await stat(`${file}.refused.ndjson`);
      expect(mode & 0o777).to.equal(0o600);
      expect(await readFile(`${file}.refused.ndjson`, 'utf8')).not.to.include(hash.slice(7, 30));
    });

    it('leaves users alone who are there, also if they have signed in since', async () => {
      const [withId, withoutId] = [aLine(), aLine({ id: undefined, created_at: '2021-01-01T00:00:00Z' })];
      const file = await aFile(ndjson([withId, withoutId]));
      await run(['import', file]);
      for (const { email } of [withId, withoutId]) expect((await login(email)).status).to.equal(200);
      const before = await users().orderBy('id');

      expect(await run(['import', file])).to.include({
        status: 0,
        stdout: '0 imported, 2 already there\n',
        stderr: '',
      });

      expect(await users().orderBy('id')).to.deep.equal(before);
      expect(await stat(`${file}.refused.ndjson`).catch(() => 'none')).to.equal('none');
    });

    it('refuses the id of a user who was deleted, and takes the address', async () => {
      const deleted = aLine();
      await run(['import', await aFile(ndjson([deleted]))]);
      await app.users.remove(deleted['id'] as string);
      const file = await aFile(ndjson([deleted, { ...deleted, id: undefined }]));

      expect(await run(['import', file])).to.include({ status: 1, stdout: '1 imported, 1 refused\n' });

      expect((await refusalsOf(file))[0]).to.include({
        line: 1,
        field: 'id',
        reason: 'belongs to a user who was deleted',
      });
    });

    it('says with --dry-run what it would do, and changes nothing', async () => {
      const [there, fresh] = [aLine(), aLine()];
      await run(['import', await aFile(ndjson([there]))]);
      const lines = [
        there,
        fresh,
        fresh,
        aLine({ email: fresh.email }),
        aLine({ email: there.email }),
        aLine({ role: 'root' }),
      ];
      const file = await aFile(ndjson(lines));
      const count = async () => Number((await users().count<{ count: string }[]>('*'))[0]?.count);
      const before = [await count(), (await eventsOf('users.imported')).length];

      const { status, stdout } = await run(['import', file, '--dry-run']);

      expect(stdout).to.equal('dry run, nothing was changed: 1 would be imported, 2 already there, 3 refused\n');
      expect(status).to.equal(1);
      expect((await refusalsOf(file)).map(({ line, field }) => [line, field])).to.deep.equal([
        [4, 'email'],
        [5, 'email'],
        [6, 'role'],
      ]);
      expect([await count(), (await eventsOf('users.imported')).length]).to.deep.equal(before);
      expect(await run(['import', file])).to.include({ stdout: '1 imported, 2 already there, 3 refused\n' });
    });

    it('leaves an event with each batch, and one for each user with a higher role', async () => {
      const [admin, user] = [aLine({ role: 'admin' }), aLine()];
      const before = (await eventsOf('users.imported')).length;

      await run(['import', await aFile(ndjson([admin, user, user]))]);

      const events = (await eventsOf('users.imported')).slice(before);
      expect(events.map(({ details }) => details)).to.deep.equal([{ users: 2, by: 'operator' }]);
      const created = (await eventsOf('user.created')).filter(({ user_id: id }) =>
        [admin['id'], user['id']].includes(id),
      );
      expect(created.map(({ user_id: id, details }) => [id, details])).to.deep.equal([
        [admin['id'], { role: 'admin', by: 'operator' }],
      ]);
    });

    it('goes on where it was after a kill: each user once, and all of them recorded', async () => {
      const copy = await copyTemplate();
      const { openDatabase } = await import('../../../src/platform/database/database.ts');
      const database = openDatabase(copy.url, { poolMax: 1, connectTimeoutMs: 5000, statementTimeoutMs: 10_000 });
      try {
        const total = 30_000;
        const file = await aFile(ndjson(Array.from({ length: total }, () => aLine({ id: undefined }))));
        const count = async () => Number((await database.pool('users').count<{ count: string }[]>('*'))[0]?.count);
        const { child, finished } = launch(['users', 'import', file], variables(copy.url));
        await eventually('some are there', async () => (await count()) > 0);
        child.kill('SIGKILL');
        await finished;
        const first = await eventually('the last batch has ended', async () => {
          const { rows } = await database.pool.raw<{ rows: unknown[] }>(
            `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'`,
          );
          return rows.length === 0 && (await count());
        });
        expect(first).to.be.greaterThan(0).and.lessThan(total);

        const { status, stdout } = await run(['import', file], copy.url);

        expect({ status, stdout }).to.deep.equal({
          status: 0,
          stdout: `${total - first} imported, ${first} already there\n`,
        });
        expect(await count()).to.equal(total);
        const recorded = (await eventsOf('users.imported', database.pool)).map(({ details }) =>
          Number(details['users']),
        );
        expect(recorded.reduce((sum, part) => sum + part, 0)).to.equal(total);
      } finally {
        await database.close();
        await copy.drop();
      }
    });

    it('finishes what it has begun when it is interrupted, and says how to go on', async () => {
      const copy = await copyTemplate();
      try {
        const file = await aFile(ndjson(Array.from({ length: 40_000 }, () => aLine())));
        const { child, finished } = launch(['users', 'import', file], variables(copy.url));
        await eventually('it imports', async () => {
          const { openDatabase } = await import('../../../src/platform/database/database.ts');
          const { pool, close } = openDatabase(copy.url, {
            poolMax: 1,
            connectTimeoutMs: 5000,
            statementTimeoutMs: 10_000,
          });
          const row = await pool('users').first<object | undefined>('id');
          await close();
          return row;
        });
        child.kill('SIGINT');

        const { status, stdout, stderr } = await finished;

        expect(status).to.equal(130);
        expect(stderr).to.match(/interrupted after line \d+; the same command goes on/);
        const added = Number(/^(\d+) imported\n$/.exec(stdout)?.[1]);
        expect(added).to.be.greaterThan(0).and.lessThan(40_000);
        const again = await run(['import', file], copy.url);
        expect(again.stdout).to.equal(`${40_000 - added} imported, ${added} already there\n`);
      } finally {
        await copy.drop();
      }
    });

    it('adds each user once when the same file is imported twice at the same time', async () => {
      const file = await aFile(ndjson(Array.from({ length: 5000 }, () => aLine())));

      const both = await Promise.all(
        [1, 2].map((n) => run(['import', file, '--refused', path.join(directory, `refused-${n}`)])),
      );

      expect(both.map(({ status, stderr }) => [status, stderr])).to.deep.equal([
        [0, ''],
        [0, ''],
      ]);
      const added = both.map(({ stdout }) => Number(/^(\d+) imported/.exec(stdout)?.[1]));
      expect(added.reduce((sum, part) => sum + part, 0)).to.equal(5000);
    });

    it('reads standard input, and keeps no file of refusals', async () => {
      const line = aLine();
      const refused = path.join(directory, 'of-input');

      const { status, stdout } = await runCommand(
        ['users', 'import', '-', '--refused', refused],
        variables(),
        ndjson([line]),
      );

      expect({ status, stdout }).to.deep.equal({ status: 0, stdout: '1 imported\n' });
      expect(await stat(refused).catch(() => 'none')).to.equal('none');
    });

    it('shows how far it is at a terminal', async function () {
      if (!hasTerminal) return this.skip();
      const file = await aFile(ndjson(Array.from({ length: 100 }, () => aLine())));

      const { status, said } = await runAtTerminal(['users', 'import', file], variables(), []);

      expect(status).to.equal(0);
      expect(said)
        .to.match(/\[#{24}\] 100 %, 100 lines, [\d,]+ a second, 0 s left/)
        .and.include('100 imported');
    });

    const files: [string, string | Uint8Array, RegExp][] = [
      ['an empty file', '', /^latchkey: there are no users in .*\.ndjson\n$/],
      ['a file of empty lines', '\n\r\n\n', /there are no users in/],
      [
        'a file in UTF-16',
        Buffer.from('\uFEFF{}\n', 'utf16le'),
        /is UTF-16; convert it first: iconv -f UTF-16 -t UTF-8/,
      ],
    ];
    for (const [what, content, message] of files) {
      it(`refuses ${what}`, async () => {
        const { status, stderr } = await run(['import', await aFile(content)]);
        expect(status).to.equal(1);
        expect(stderr).to.match(message);
      });
    }

    it('refuses a file that is not there, a directory, and a place for refusals that is not there', async () => {
      const file = await aFile(ndjson([aLine()]));
      const [missing, ofDirectory, nowhere] = [
        await run(['import', `${file}.gone`]),
        await run(['import', directory]),
        await run(['import', file, '--refused', path.join(directory, 'none', 'refused')]),
      ];

      expect(missing.stderr).to.match(/\.gone can't be read \(ENOENT\)\n$/);
      expect(ofDirectory.stderr).to.match(/is a directory; name a file\n$/);
      expect(nowhere.stderr).to.match(/refused can't be written \(ENOENT\); name another file .*: --refused FILE\n$/);
      expect([missing, ofDirectory, nowhere].map(({ status }) => status)).to.deep.equal([1, 1, 1]);
    });
  });

  describe('export', () => {
    it('writes what an import elsewhere makes the same users of, byte for byte', async () => {
      const own = await app.signIn('admin');
      const deleted = await app.signIn();
      await app.users.remove(deleted.id);
      const lines = [
        aLine({ password_hash: 'pbkdf2_sha256$2000$SodiumChloride42$GT6q+CpLgeqwp5SbFDKe0X8PZrGHnfFVraklZ8+MWDA=' }),
        aLine({ password_hash: null, is_provisional: true, full_name: 'Zoë "Q" O\'Neil 山田' }),
        aLine({
          is_active: false,
          email_verified_at: '2022-02-02T02:02:02.222Z',
          created_at: '2019-01-01T00:00:00.001Z',
        }),
      ];
      await run(['import', await aFile(ndjson(lines))]);
      const [first, second] = [path.join(directory, 'first.ndjson'), path.join(directory, 'second.ndjson')];

      const exported = await run(['export', '--output', first]);
      const count = (await readFile(first, 'utf8')).split('\n').length - 1;
      const imported = await run(['import', first], empty.url);
      await run(['export', '--output', second], empty.url);

      expect(exported).to.include({ status: 0, stdout: '' });
      expect(exported.stderr).to.equal(
        `${count} users exported with the hashes of their passwords: guard this as you guard the database\n`,
      );
      expect(imported).to.include({ status: 0, stdout: `${count} imported\n` });
      const content = await readFile(first, 'utf8');
      expect(await readFile(second, 'utf8')).to.equal(content);
      for (const { email } of [own, ...lines]) expect(content).to.include(email);
      expect(content).not.to.include(deleted.email);
      expect((await stat(first)).mode & 0o777).to.equal(0o600);
      expect((await empty.db('users').where({ email: own.email }).first<Fields>())['password_hash']).to.match(
        /^\$2b\$04\$/,
      );
    });

    it('writes to standard output, and leaves an event before', async () => {
      const before = (await eventsOf('users.exported')).length;

      const { status, stdout } = await run(['export']);

      expect(status).to.equal(0);
      const lines = stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Fields);
      expect(lines.length).to.be.greaterThan(0);
      expect(lines[0]).to.include.keys('id', 'email', 'full_name', 'role', 'is_active', 'created_at', 'updated_at');
      expect((await eventsOf('users.exported')).slice(before).map(({ details }) => details)).to.deep.equal([
        { by: 'operator' },
      ]);
    });

    it('overwrites no file', async () => {
      const file = await aFile('precious\n');

      const { status, stderr } = await run(['export', '--output', file]);

      expect({ status, stderr }).to.deep.equal({
        status: 1,
        stderr: `latchkey: ${file} exists already; name another file\n`,
      });
      expect(await readFile(file, 'utf8')).to.equal('precious\n');
    });
  });

  it('works as the role that serves, which owns no table', async () => {
    const file = await aFile(ndjson([aLine({ role: 'admin' }), aLine()]));

    expect(await run(['import', file, '--dry-run'], twoRoles.runtimeUrl)).to.include({ status: 0 });
    expect(await run(['import', file], twoRoles.runtimeUrl)).to.include({ status: 0, stdout: '2 imported\n' });
    const { status, stdout } = await run(['export'], twoRoles.runtimeUrl);
    expect([status, stdout.split('\n').length]).to.deep.equal([0, 3]);
  });

  for (const args of [
    [],
    ['import'],
    ['import', 'a', 'b'],
    ['import', 'a', '--output', 'b'],
    ['export', 'a'],
    ['export', '--dry-run'],
  ]) {
    it(`refuses ${['users', ...args].join(' ')}, with its usage`, async () => {
      const { status, stdout, stderr } = await run(args);
      expect({ status, stdout }).to.deep.equal({ status: 2, stdout: '' });
      expect(stderr).to.match(
        /use: npm run users -- import FILE\|- \[--dry-run\] \[--refused FILE\], or npm run users -- export/,
      );
    });
  }
});
