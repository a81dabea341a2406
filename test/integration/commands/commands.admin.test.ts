import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readAction } from '../../../src/commands/admin.ts';
import { updateUser } from '../../../src/features/users/users.repository.ts';
import { callOf } from '../../../src/process/usage.ts';
import { startApp, testEnvironment } from '../../support/app.ts';
import { useDatabase } from '../../support/database.ts';
import { finishInProcess } from '../../support/in-process.ts';
import { newPerson, registration } from '../../support/people.ts';
import { runCommand } from '../../support/process.ts';
import { hasTerminal, runAtTerminal } from '../../support/terminal.ts';
import { aSession, aUser, untilItWaits } from '../factories.ts';

describe('the command admin', function () {
  const database = useDatabase();
  const variables = () => ({
    DATABASE_URL: database.url,
    DATA_DIR: path.join(tmpdir(), 'latchkey-commands'),
    JWT_SECRETS: 'the secret of a server that never runs',
  });
  let app: Awaited<ReturnType<typeof startApp>>;
  before(async () => void (app = await startApp(database.url)));
  after(() => app.stop());

  const run = (...args: string[]) =>
    finishInProcess(async () => readAction(args)(() => Promise.resolve(app.context), true));
  const runProcess = (...args: string[]) => runCommand(['admin', ...args], variables());
  const rowOf = (id: string) => database.db('users').where({ id }).first<Record<string, unknown>>();
  const eventsOf = (id: string) =>
    database
      .db('audit_events')
      .where({ user_id: id })
      .orderBy(['created_at', 'id'])
      .select('type', 'actor_id', 'details');
  const verified = { isEmailVerified: true };

  beforeEach('begin without users', () => database.db.raw('truncate users cascade'));

  const refused = async (...args: string[]) => {
    const { status, stdout, stderr } = await run(...args);
    expect({ status, stdout }, args.join(' ')).to.deep.equal({ status: 1, stdout: '' });
    return stderr.trimEnd().replace(/^latchkey: /, '');
  };

  it('promote makes a user an administrator, whatever the spelling of the address', async () => {
    const ada = await aUser(database.db, { email: 'ada@xn--bcher-kva.example', ...verified });
    const session = await aSession(database.db, ada.id);

    const done = await runProcess('promote', ' ADA@Bücher.example');

    expect(done).to.deep.equal({
      status: 0,
      stdout: `ada@xn--bcher-kva.example is an administrator now (${ada.id})\n`,
      stderr: '',
    });
    expect(await rowOf(ada.id)).to.include({ role: 'admin' });
    expect(await eventsOf(ada.id)).to.deep.equal([
      { type: 'user.role_changed', actor_id: null, details: { from: 'user', to: 'admin', by: 'operator' } },
    ]);
    expect(await database.db('sessions').where({ id: session, ended_at: null })).to.have.length(1);
    expect((await run('promote', ada.id.toUpperCase())).stdout).to.equal(`${ada.email} is already an administrator\n`);
    expect(await eventsOf(ada.id)).to.have.length(1);
  });

  it('promote asks before it trusts an address that nobody has proved', async () => {
    const ada = await aUser(database.db);

    const { status, stdout, stderr } = await runProcess('promote', ada.email);

    expect({ status, stdout }).to.deep.equal({ status: 1, stdout: '' });
    expect(stderr).to.include(`<${ada.email}>`).and.include('Nobody has proved this address');
    expect(stderr).to.match(/latchkey: nobody was promoted; answer yes at a terminal, or add --yes\n$/);
    expect(await rowOf(ada.id)).to.include({ role: 'user' });
    expect((await run('promote', ada.email, '--yes')).status).to.equal(0);
    expect(await rowOf(ada.id)).to.include({ role: 'admin' });
  });

  it('promote refuses users who are unknown, deactivated, deleted or erased, and says what to do', async () => {
    const [away, gone, erased] = [
      await aUser(database.db, verified),
      await aUser(database.db),
      await aUser(database.db),
    ];
    const users = () => database.db('users');
    await users().where({ id: away.id }).update({ is_active: false });
    await users().where({ id: gone.id }).update({ deleted_at: '2026-01-02T12:00:00Z' });
    const long = { deleted_at: '2026-01-01T12:00:00Z', erased_at: '2026-02-01T12:00:00Z', email: '' };
    await users().where({ id: erased.id }).update(long);
    const before = await users().orderBy('id');

    expect(await refused('promote', 'nobody@example.com')).to.equal(
      `there is no user nobody@example.com; create an administrator with: ${callOf('admin', 'create')}`,
    );
    expect(await refused('promote', away.email)).to.match(/ is deactivated, .*; an administrator can activate them/);
    expect(await refused('promote', gone.email)).to.equal(
      `${gone.email} was deleted on 2026-01-02; an administrator can restore them: POST /users/${gone.id}/restore`,
    );
    expect(await refused('promote', erased.id)).to.equal(
      `${erased.id} was erased on 2026-02-01, which can't be undone`,
    );
    expect(await users().orderBy('id')).to.deep.equal(before);
  });

  it('demote makes an administrator a user and ends their sessions', async () => {
    const [ada] = [await aUser(database.db, { role: 'admin' }), await aUser(database.db, { role: 'admin' })];
    const session = await aSession(database.db, ada.id);

    const { status, stdout } = await run('demote', ada.email.toUpperCase());

    expect(status).to.equal(0);
    expect(stdout).to.equal(
      `${ada.email} is no longer an administrator, and has been signed out everywhere (${ada.id})\n`,
    );
    expect(await rowOf(ada.id)).to.include({ role: 'user' });
    expect(await database.db('sessions').where({ id: session, ended_at: null })).to.deep.equal([]);
    expect(await eventsOf(ada.id)).to.deep.equal([
      { type: 'user.role_changed', actor_id: null, details: { from: 'admin', to: 'user', by: 'operator' } },
    ]);
  });

  it('demote leaves moderators alone, and the last active administrator', async () => {
    const [boss, away] = [await aUser(database.db, { role: 'admin' }), await aUser(database.db, { role: 'admin' })];
    await database.db('users').where({ id: away.id }).update({ is_active: false });
    const moderator = await aUser(database.db, { role: 'moderator' });

    const { status, stdout } = await run('demote', moderator.email);

    expect({ status, stdout }).to.deep.equal({
      status: 0,
      stdout: `${moderator.email} is not an administrator, so nothing was changed\n`,
    });
    expect(await rowOf(moderator.id)).to.include({ role: 'moderator' });
    expect(await refused('demote', boss.email)).to.equal(
      `${boss.email} is the last active administrator; promote somebody else first: ${callOf('admin', 'promote ADDRESS')}`,
    );
    expect(await refused('erase', boss.id, '--yes')).to.include('is the last active administrator');
    expect(await rowOf(boss.id)).to.include({ role: 'admin', deleted_at: null });
    expect((await run('demote', away.email)).status).to.equal(0);
  });

  it('two administrators demoted at the same time: one of them stays', async () => {
    for (let round = 0; round < 3; round += 1) {
      await database.db.raw('truncate users cascade');
      const both = [await aUser(database.db, { role: 'admin' }), await aUser(database.db, { role: 'admin' })];

      const demotions = await Promise.all(both.map(({ email }) => run('demote', email)));

      expect(demotions.map(({ status }) => status).sort()).to.deep.equal([0, 1]);
      expect(demotions.map(({ stderr }) => stderr).join('')).to.match(
        /^latchkey: .* is the last active administrator; /,
      );
      expect(await database.db('users').where({ role: 'admin' })).to.have.length(1);
    }
  });

  it('list shows every administrator by address, and --json the same in the shape of the API', async () => {
    expect(await run('list')).to.deep.equal({ status: 0, stdout: 'no administrators\n', stderr: '' });
    const role = 'admin';
    const grace = await aUser(database.db, { role, email: 'grace@example.com', fullName: 'Grace Hopper' });
    const ada = await aUser(database.db, { role, email: 'ada@example.com', fullName: 'Ada Lovelace' });
    await aUser(database.db, { role: 'moderator' });
    await database.db('users').where({ id: grace.id }).update({ is_active: false });

    const { stdout } = await run('list');

    expect(stdout.trimEnd().split('\n')).to.deep.equal([
      `active       ${ada.id}  ada@example.com    Ada Lovelace`,
      `deactivated  ${grace.id}  grace@example.com  Grace Hopper`,
    ]);
    const listed = JSON.parse((await runProcess('list', '--json')).stdout) as {
      administrators: Record<string, unknown>[];
    };
    expect(listed.administrators.map(({ id }) => id)).to.deep.equal([ada.id, grace.id]);
    expect(listed.administrators[0]).to.include({ full_name: 'Ada Lovelace', role, is_active: true });
  });

  it('list shows all of them, however many there are', async () => {
    for (let count = 0; count < 101; count += 1) await aUser(database.db, { role: 'admin' });

    expect((await run('list')).stdout.trimEnd().split('\n')).to.have.length(101);
  });

  it('erase deletes a user and leaves nothing of them but the id and what happened', async () => {
    const ada = await aUser(database.db);
    await aSession(database.db, ada.id);

    expect(await runProcess('erase', ada.email, '--yes')).to.deep.equal({
      status: 0,
      stdout: `${ada.id} was erased\n`,
      stderr: '',
    });

    expect(await rowOf(ada.id)).to.include({ email: '', full_name: '', password_hash: '', is_active: false });
    expect(await database.db('sessions').where({ user_id: ada.id })).to.deep.equal([]);
    expect(await eventsOf(ada.id)).to.deep.equal([
      { type: 'user.deleted', actor_id: null, details: {} },
      { type: 'user.erased', actor_id: null, details: { by: 'operator' } },
    ]);
    const again = await run('erase', ada.id);
    expect(again)
      .to.deep.include({ status: 0, stderr: '' })
      .and.property('stdout')
      .match(/ was already erased on .*\n$/);
    expect(await refused('erase', ada.email)).to.match(/^there is no user /);
  });

  it('erase asks which one if somebody else has had the address', async () => {
    const gone = await aUser(database.db, { email: 'ada@example.com' });
    await database.db('users').where({ id: gone.id }).update({ deleted_at: '2026-01-02T12:00:00Z' });
    const ada = await aUser(database.db, { email: 'ada@example.com' });

    expect(await refused('erase', 'ada@example.com', '--yes')).to.equal(
      'several users have or had the address ada@example.com; name one by id: ' +
        `${ada.id} (active), ${gone.id} (deleted on 2026-01-02)`,
    );
    expect((await run('erase', gone.id, '--yes')).status).to.equal(0);

    expect(await rowOf(gone.id)).to.include({ email: '' });
    expect(await rowOf(ada.id)).to.include({ email: 'ada@example.com', deleted_at: null });
  });

  it('two erasures at the same time: one of them erases', async () => {
    const ada = await aUser(database.db);

    const both = await Promise.all([run('erase', ada.id, '--yes'), run('erase', ada.id, '--yes')]);

    expect(both.map(({ status }) => status)).to.include(0);
    for (const { stderr } of both)
      expect(stderr).to.match(/^(latchkey: .* was changed by somebody else meanwhile.*\n)?$/);
    expect(await database.db('audit_events').where({ user_id: ada.id, type: 'user.erased' })).to.have.length(1);
  });

  it('erase forgets the failed sign-ins too, which takes the secret of the server', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'latchkey-commands-'));
    const environment = { DATABASE_URL: database.url, DATA_DIR: directory };
    try {
      const ada = newPerson();
      await app.send('post', '/auth/register', { json: registration(ada) });
      await app.login({ ...ada, password: 'another password' });
      const counts = () => app.context.features.guessing.service.list(database.db, ada.email);
      expect(await counts()).to.not.be.empty;

      const { status, stderr } = await runCommand(['admin', 'erase', ada.email, '--yes'], environment);
      expect({ status, stderr }).to.deep.equal({
        status: 1,
        stderr:
          "latchkey: set JWT_SECRETS or DATA_DIR to the server's: failed sign-ins are stored under keys derived from them\n",
      });

      await writeFile(path.join(directory, 'jwt-secret'), testEnvironment('')['JWT_SECRETS']!);
      expect(await runCommand(['admin', 'erase', ada.email, '--yes'], environment)).to.include({ status: 0 });
      expect(await counts()).to.deep.equal([]);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('does nothing if the user was changed in the meantime', async () => {
    const [ada] = [await aUser(database.db, { role: 'admin' }), await aUser(database.db, { role: 'admin' })];
    const change = await database.db.transaction();
    await updateUser(change, ada.id, { fullName: 'Ada Byron' });
    const demotion = run('demote', ada.email);
    await untilItWaits(database.db, demotion);

    await change.commit();

    expect(await demotion).to.deep.equal({
      status: 1,
      stdout: '',
      stderr: `latchkey: ${ada.email} was changed by somebody else meanwhile, so nothing was done; try again\n`,
    });
    expect(await rowOf(ada.id)).to.include({ role: 'admin' });
  });

  it('refuses what is neither an address nor an id', async () => {
    for (const action of ['promote', 'demote', 'erase']) {
      const { status, stderr } = await run(action, 'ada');
      expect({ status, stderr }).to.deep.equal({
        status: 2,
        stderr: 'latchkey: ada is neither an address nor an id\n',
      });
    }
    const id = randomUUID();
    expect(await refused('demote', id)).to.equal(`there is no user ${id}; see ${callOf('admin', 'list')}`);
  });

  it('anything else prints the usage', async () => {
    const wrong = [
      ['promote'],
      ['demote', 'a', 'b'],
      ['demote', 'a', '--yes'],
      ['list', 'a'],
      ['list', '--yes'],
      ['erase'],
    ];
    for (const args of [
      ...wrong,
      ['promote', 'a', '--json'],
      ['create', '--email', 'a@example.com', '--name', 'A', '--yes'],
    ]) {
      const { status, stderr } = await run(...args);
      expect(status, args.join(' ')).to.equal(2);
      expect(stderr).to.include(`; use: ${callOf('admin', args[0])}`);
    }
  });

  describe('at a terminal (needs python3)', () => {
    before(function () {
      if (!hasTerminal) this.skip();
    });

    for (const [what, answer, status] of [
      ['Ctrl-C', '\x03', 130],
      ['Ctrl-D', '\x04', 1],
      ['no', 'no\r', 1],
    ] as const) {
      it(`erase exits with ${status} on ${what}, and erases nobody`, async () => {
        const ada = await aUser(database.db);

        const typed = await runAtTerminal(['admin', 'erase', ada.email], variables(), [['Type yes:', answer]]);

        expect(typed).to.include({ status, echoes: true });
        expect(typed.said).to.match(/latchkey: nobody was erased; answer yes at a terminal, or add --yes\r\n$/);
        expect(typed.said).to.not.include('    at ');
        expect(await rowOf(ada.id)).to.include({ deleted_at: null });
      });
    }

    it('erase shows whom it would erase, and does it on yes', async () => {
      const ada = await aUser(database.db, { fullName: 'Ada Lovelace' });

      const typed = await runAtTerminal(['admin', 'erase', ada.email], variables(), [['Type yes:', 'yes\r']]);

      expect(typed.status).to.equal(0);
      expect(typed.said).to.include(`Ada Lovelace <${ada.email}>, user, registered on `).and.include(', active\r\n');
      expect(await rowOf(ada.id)).to.include({ email: '' });
    });
  });
});
