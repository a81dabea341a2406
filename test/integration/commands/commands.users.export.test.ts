import { expect } from 'chai';
import { readFile, stat } from 'node:fs/promises';
import { useApp } from '../../support/app.ts';
import { useDatabase } from '../../support/database.ts';
import { useTwoRoles } from '../../support/runtime-role.ts';
import { aLine, ndjson, recordedEvents, runUsersOn, useUserFiles, type Fields } from '../../support/user-files.ts';

describe('the command users export', function () {
  const app = useApp();
  const twoRoles = useTwoRoles();
  const empty = useDatabase();
  const files = useUserFiles();
  const run = (args: string[], url = app.databaseUrl) => runUsersOn(url, args);

  it('writes a file that is the same, byte for byte, after an import elsewhere', async () => {
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
    await run(['import', await files.write(ndjson(lines))]);
    const [first, second] = [files.pathOf('first.ndjson'), files.pathOf('second.ndjson')];

    const exported = await run(['export', '--output', first]);
    const count = (await readFile(first, 'utf8')).split('\n').length - 1;
    const imported = await run(['import', first], empty.url);
    await run(['export', '--output', second], empty.url);

    expect(exported).to.include({ status: 0, stdout: '' });
    expect(exported.stderr).to.equal(
      `${count} users exported with their password hashes: protect them as you protect the database\n`,
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

  it('writes to standard output, after recording an event', async () => {
    const before = (await recordedEvents(app.context.database.pool, 'users.exported')).length;

    const { status, stdout } = await run(['export']);

    expect(status).to.equal(0);
    const lines = stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Fields);
    expect(lines.length).to.be.greaterThan(0);
    expect(lines[0]).to.include.keys('id', 'email', 'full_name', 'role', 'is_active', 'created_at', 'updated_at');
    expect(
      (await recordedEvents(app.context.database.pool, 'users.exported')).slice(before).map(({ details }) => details),
    ).to.deep.equal([{ by: 'operator' }]);
  });

  it('overwrites no existing file', async () => {
    const file = await files.write('precious\n');

    const { status, stderr } = await run(['export', '--output', file]);

    expect({ status, stderr }).to.deep.equal({
      status: 1,
      stderr: `latchkey: ${file} already exists; name another file\n`,
    });
    expect(await readFile(file, 'utf8')).to.equal('precious\n');
  });

  it('works as the role that serves, which owns no table', async () => {
    const file = await files.write(ndjson([aLine({ role: 'admin' }), aLine()]));

    expect(await run(['import', file, '--dry-run'], twoRoles.runtimeUrl)).to.include({ status: 0 });
    expect(await run(['import', file], twoRoles.runtimeUrl)).to.include({ status: 0, stdout: '2 imported\n' });
    const { status, stdout } = await run(['export'], twoRoles.runtimeUrl);
    expect([status, stdout.split('\n').length]).to.deep.equal([0, 3]);
  });
});
