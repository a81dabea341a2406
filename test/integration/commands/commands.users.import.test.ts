import { expect } from 'chai';
import { readFile, stat } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { useApp } from '../../support/app.ts';
import { runCommand } from '../../support/process.ts';
import { hasTerminal, runAtTerminal } from '../../support/terminal.ts';
import {
  aLine,
  foreignHash,
  knownPassword,
  ndjson,
  recordedEvents,
  runUsersOn,
  useUserFiles,
  variablesFor,
  type Fields,
} from '../../support/user-files.ts';

describe('the command users import', function () {
  const app = useApp();
  const files = useUserFiles();
  const run = (args: string[], url = app.databaseUrl) => runUsersOn(url, args);
  const users = () => app.context.database.pool('users');
  const rowOf = (email: string) => users().where({ email }).first<Fields | undefined>();
  const login = (email: string) => app.send('post', '/auth/login', { json: { email, password: knownPassword } });

  it('adds users, who sign in with the passwords that they had', async () => {
    const line = aLine({ email_verified: true, created_at: '2020-02-03T04:05:06Z', role: 'moderator' });
    const file = await files.write(ndjson([line, aLine({ is_active: false })]));

    expect(await run(['import', file])).to.include({ status: 0, stdout: '2 imported\n', stderr: '' });

    const { body, status } = await login(line.email);
    expect(status).to.equal(200);
    const me = await app.send('get', '/auth/me', { token: body.access_token as string });
    expect(me.body).to.include({
      ...{ id: line['id'], email: line.email, full_name: 'Ada Quill', email_verified: true, role: 'moderator' },
      ...{ is_active: true, created_at: '2020-02-03T04:05:06.000Z', updated_at: '2020-02-03T04:05:06.000Z' },
    });
  });

  it('lets users without a password in only after a reset', async () => {
    const line = aLine({ password_hash: null });

    await run(['import', await files.write(ndjson([line]))]);

    expect((await login(line.email)).status).to.equal(401);
    expect(await rowOf(line.email)).to.include({ password_hash: '!' });
  });

  it('refuses faulty lines with their number, a reason and a remedy, and adds the rest', async () => {
    const [good, taken, twice] = [aLine(), aLine(), aLine()];
    await run(['import', await files.write(ndjson([taken]))]);
    const file = await files.write(
      Buffer.concat([
        Buffer.from(`\uFEFF${JSON.stringify(good)}\r\n\r\n`),
        Buffer.from(ndjson([aLine({ email: 'nobody' })])),
        Buffer.from('{"email":"Zo\xeb"}\n', 'latin1'),
        Buffer.from(`${'x'.repeat(10_000_000)}\n`),
        Buffer.from(ndjson([aLine({ email: taken.email.toUpperCase() }), aLine({ id: taken['id'] })])),
        Buffer.from(ndjson([twice, aLine({ email: twice.email }), aLine({ id: twice['id'] })])),
        Buffer.from(ndjson([{ ...taken, password_hash: foreignHash.replace('gm', 'gn') }])),
      ]),
    );

    const { status, stdout, stderr } = await run(['import', file]);

    expect({ status, stdout }).to.deep.equal({ status: 1, stdout: '2 imported, 8 refused\n' });
    expect(stderr).to.equal(`${file}.refused.ndjson says why, and what to do\n`);
    expect(
      (await files.refusalsOf(file)).map(({ line, field = '', reason }) => `${line} ${field} ${reason}`),
    ).to.deep.equal([
      '3 email must be an e-mail address, such as ada@example.com',
      '4  is not UTF-8 text',
      '5  is longer than 65536 bytes',
      '6 email belongs to another user, in the database or on an earlier line',
      '7 id belongs to a user with another address, in the database or on an earlier line',
      '9 email belongs to another user, in the database or on an earlier line',
      '10 id belongs to a user with another address, in the database or on an earlier line',
      '11 password_hash differs from what this user has',
    ]);
    expect(await rowOf(good.email)).to.include({ id: good['id'] });
    const { mode } = await stat(`${file}.refused.ndjson`);
    expect(mode & 0o777).to.equal(0o600);
    expect(await readFile(`${file}.refused.ndjson`, 'utf8')).not.to.include(foreignHash.slice(7, 30));
  });

  it('leaves existing users alone, even if they have signed in since', async () => {
    const [withId, withoutId] = [aLine(), aLine({ id: undefined, created_at: '2021-01-01T00:00:00Z' })];
    const file = await files.write(ndjson([withId, withoutId]));
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

  it('does not take two people of one address for the same where nothing but the address says so', async () => {
    const line = { ...aLine({ id: undefined, password_hash: undefined }), full_name: 'Ada Quill' };
    const file = await files.write(ndjson([line, { ...line, full_name: 'Grace Quill' }]));

    for (const [args, expected] of [
      [['--dry-run'], 'dry run, nothing was changed: 1 would be imported, 1 refused\n'],
      [[], '1 imported, 1 refused\n'],
      [[], '0 imported, 1 already there, 1 refused\n'],
    ] as const) {
      expect((await run(['import', file, ...args])).stdout).to.equal(expected);
      expect((await files.refusalsOf(file))[0]).to.include({ line: 2, field: 'email' });
    }
  });

  it('refuses the id of a deleted user, but accepts the address', async () => {
    const deleted = aLine();
    await run(['import', await files.write(ndjson([deleted]))]);
    await app.users.remove(deleted['id'] as string);
    const file = await files.write(ndjson([deleted, { ...deleted, id: undefined }]));

    expect(await run(['import', file])).to.include({ status: 1, stdout: '1 imported, 1 refused\n' });

    expect((await files.refusalsOf(file))[0]).to.include({
      line: 1,
      field: 'id',
      reason: 'belongs to a user who was deleted',
    });
  });

  it('says with --dry-run what it would do, and changes nothing', async () => {
    const [there, fresh] = [aLine(), aLine()];
    await run(['import', await files.write(ndjson([there]))]);
    const lines = [
      there,
      fresh,
      fresh,
      aLine({ email: fresh.email }),
      aLine({ email: there.email }),
      aLine({ role: 'root' }),
    ];
    const file = await files.write(ndjson(lines));
    const count = async () => Number((await users().count<{ count: string }[]>('*'))[0]?.count);
    const before = [await count(), (await recordedEvents(app.context.database.pool, 'users.imported')).length];

    const { status, stdout } = await run(['import', file, '--dry-run']);

    expect(stdout).to.equal('dry run, nothing was changed: 1 would be imported, 2 already there, 3 refused\n');
    expect(status).to.equal(1);
    expect((await files.refusalsOf(file)).map(({ line, field }) => [line, field])).to.deep.equal([
      [4, 'email'],
      [5, 'email'],
      [6, 'role'],
    ]);
    expect([await count(), (await recordedEvents(app.context.database.pool, 'users.imported')).length]).to.deep.equal(
      before,
    );
    expect(await run(['import', file])).to.include({ stdout: '1 imported, 2 already there, 3 refused\n' });
  });

  it('leaves an event with each batch, and one for each user with a higher role', async () => {
    const [admin, user] = [aLine({ role: 'admin' }), aLine()];
    const before = (await recordedEvents(app.context.database.pool, 'users.imported')).length;

    await run(['import', await files.write(ndjson([admin, user, user]))]);

    const events = (await recordedEvents(app.context.database.pool, 'users.imported')).slice(before);
    expect(events.map(({ details }) => details)).to.deep.equal([{ users: 2, by: 'operator' }]);
    const created = (await recordedEvents(app.context.database.pool, 'user.created')).filter(({ user_id: id }) =>
      [admin['id'], user['id']].includes(id),
    );
    expect(created.map(({ user_id: id, details }) => [id, details])).to.deep.equal([
      [admin['id'], { role: 'admin', by: 'operator' }],
    ]);
  });

  it('reads standard input, and keeps no file of refusals', async () => {
    const line = aLine();
    const refused = files.pathOf('of-input');

    const { status, stdout } = await runCommand(
      ['users', 'import', '-', '--refused', refused],
      variablesFor(app.databaseUrl),
      ndjson([line]),
    );

    expect({ status, stdout }).to.deep.equal({ status: 0, stdout: '1 imported\n' });
    expect(await stat(refused).catch(() => 'none')).to.equal('none');
  });

  it('shows its progress at a terminal', async function () {
    if (!hasTerminal) return this.skip();
    const file = await files.write(ndjson(Array.from({ length: 100 }, () => aLine())));

    const { status, said } = await runAtTerminal(['users', 'import', file], variablesFor(app.databaseUrl), []);

    expect(status).to.equal(0);
    expect(said)
      .to.match(/\[#{24}\] 100 %, 100 lines, [\d,]+ a second, 0 s left/)
      .and.include('100 imported');
  });

  const unreadable: [string, string | Uint8Array, RegExp][] = [
    ['an empty file', '', /^latchkey: there are no users in .*\.ndjson\n$/],
    ['a file of empty lines', '\n\r\n\n', /there are no users in/],
    ['a file in UTF-16', Buffer.from('\uFEFF{}\n', 'utf16le'), /is UTF-16; convert it first: iconv -f UTF-16 -t UTF-8/],
    ['one without a mark', Buffer.from('{}\n', 'utf16le'), /is UTF-16; convert it first: iconv -f UTF-16LE -t UTF-8/],
    ['a compressed file', gzipSync('{}\n'), /is compressed; unpack it first: gzip -dc .*\n$/],
    ['a JSON array', '\n[\n  {}\n]', /is a JSON array; write one user on each line first: jq -c '\.\[\]' .*\n$/],
  ];
  for (const [what, content, message] of unreadable) {
    it(`refuses ${what}`, async () => {
      const { status, stderr } = await run(['import', await files.write(content)]);
      expect(status).to.equal(1);
      expect(stderr).to.match(message);
    });
  }

  it('overwrites only the report of an earlier import, so neither the users nor anything else', async () => {
    const text = ndjson([aLine(), aLine({ email: 'nobody' })]);
    const file = await files.write(text);

    const { status, stderr } = await run(['import', file, '--refused', file]);

    expect({ status, stderr }).to.deep.equal({
      status: 1,
      stderr: `latchkey: ${file} exists, and is no report of an import; name another file for refused lines: --refused FILE\n`,
    });
    expect(await readFile(file, 'utf8')).to.equal(text);
    expect((await run(['import', file])).stdout).to.equal('1 imported, 1 refused\n');
    expect((await run(['import', file])).stdout).to.equal('0 imported, 1 already there, 1 refused\n');
  });

  it('refuses a missing file, a directory, and a missing folder for refusals', async () => {
    const file = await files.write(ndjson([aLine()]));
    const [missing, ofDirectory, nowhere] = [
      await run(['import', `${file}.gone`]),
      await run(['import', files.pathOf('')]),
      await run(['import', file, '--refused', files.pathOf('none/refused')]),
    ];

    expect(missing.stderr).to.match(/\.gone can't be read \(ENOENT\); check the path and its permissions\n$/);
    expect(ofDirectory.stderr).to.match(/is a directory; name a file\n$/);
    expect(nowhere.stderr).to.match(/refused can't be written \(ENOENT\); name another file .*: --refused FILE\n$/);
    expect([missing, ofDirectory, nowhere].map(({ status }) => status)).to.deep.equal([1, 1, 1]);
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
      expect(stderr).to.match(/^latchkey: .+; use: npm run users -- .*\n$/);
    });
  }
});
