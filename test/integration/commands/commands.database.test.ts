import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { newPerson, registration } from '../../support/people.ts';
import { checkAdmin } from '../../../src/commands/admin.create.ts';
import { readContract } from '../../../src/platform/contract.ts';
import { findProject } from '../../../src/platform/project.ts';
import { describeFailure } from '../../../src/process/failure.ts';
import { copyTemplate } from '../../support/database.ts';
import { createEmptyDatabase } from '../../support/empty-database.ts';
import { runCommand, startServer } from '../../support/process.ts';

const json = { 'Content-Type': 'application/json' };

async function post(origin: string, operation: string, body: object): Promise<Response> {
  return fetch(`${origin}/api/v1${operation}`, { method: 'POST', headers: json, body: JSON.stringify(body) });
}

describe('the commands, with DATABASE_URL', function () {
  let copy: { url: string; drop: () => Promise<void> };

  beforeEach(async () => {
    copy = await copyTemplate();
  });

  afterEach(() => copy.drop());

  const dataDirectory = path.join(tmpdir(), 'latchkey-commands');
  const variables = () => ({ DATABASE_URL: copy.url, DATA_DIR: dataDirectory, BCRYPT_COST: '4' });

  it('two servers starting with ADMIN_EMAIL create one administrator, and a later one leaves them alone', async () => {
    const boss = newPerson();
    const admin = { ADMIN_EMAIL: boss.email, ADMIN_PASSWORD: boss.password };
    const both = await Promise.all([1, 2].map(() => startServer({ ...variables(), ...admin })));
    expect(
      (await post(both[0]!.origin, '/auth/login', { email: boss.email, password: boss.password })).status,
    ).to.equal(200);
    await Promise.all(both.map((server) => server.stop()));

    const later = await startServer({ ...variables(), ...admin, ADMIN_PASSWORD: 'another lantern 9931' });

    const login = await post(later.origin, '/auth/login', { email: boss.email, password: 'another lantern 9931' });
    expect(login.status).to.equal(401);
    await later.stop();
  });

  it('an unreachable database: exits with an error and one clear line', async () => {
    const { status, stderr } = await runCommand(['serve'], {
      ...variables(),
      DATABASE_URL: 'postgres://nobody:secret-word@127.0.0.1:1/nothing',
    });

    expect(status).to.equal(1);
    expect(stderr.trim().split('\n')).to.have.length(1);
    expect(stderr).to.include('DATABASE_URL').and.not.include('secret-word');
  });

  it('an invalid configuration: prints one line per problem', async () => {
    const { status, stderr } = await runCommand(['serve'], { ...variables(), PORT: 'eighty', BCRYPT_COST: '99' });

    expect(status).to.equal(1);
    expect(stderr.trim().split('\n')).to.have.length(2);
    expect(stderr).to.include('PORT is "eighty"').and.include('BCRYPT_COST');
  });

  it('an unknown command: lists the commands', async () => {
    const { status, stderr } = await runCommand(['dance'], variables());

    expect(status).to.equal(2);
    expect(stderr).to.include('serve, migrate, admin');
  });

  it('serve begins an empty database without any account, and ADMIN_EMAIL of whoever registers promotes nobody; the log says what does', async () => {
    const boss = newPerson();
    const empty = await createEmptyDatabase();
    const onEmpty = { ...variables(), DATABASE_URL: empty.url };
    const first = await startServer(onEmpty);
    expect(await empty.database.pool('users').select(), 'no account of its own').to.deep.equal([]);
    await post(first.origin, '/auth/register', registration(boss));
    await first.stop();

    const admin = { ADMIN_EMAIL: boss.email, ADMIN_PASSWORD: boss.password };
    const second = await startServer({ ...onEmpty, ...admin });

    const warnings = second.log().flatMap(({ level, msg }) => (level === 40 ? [msg] : []));
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.match(/^no administrator was created for ADMIN_EMAIL: .*npm run admin -- promote ADDRESS$/);
    const login = await post(second.origin, '/auth/login', { email: boss.email, password: boss.password });
    const { access_token: token } = (await login.json()) as { access_token: string };
    const users = await fetch(`${second.origin}/api/v1/users`, { headers: { Authorization: `Bearer ${token}` } });
    expect(users.status).to.equal(403);
    const promotion = await runCommand(['admin', 'promote', boss.email, '--yes'], onEmpty);
    expect(promotion.status).to.equal(0);
    const now = await fetch(`${second.origin}/api/v1/users`, { headers: { Authorization: `Bearer ${token}` } });
    expect(now.status).to.equal(200);
    await second.stop();
    await empty.drop();
  });

  for (const admin of [
    { ADMIN_EMAIL: 'nobody', ADMIN_PASSWORD: 'violet lantern 4711' },
    { ADMIN_EMAIL: 'a@example.com', ADMIN_PASSWORD: 'short' },
  ]) {
    it(`${JSON.stringify(admin)} stops the start with a line that names both`, async () => {
      const { status, stderr } = await runCommand(['serve'], { ...variables(), ...admin });

      expect(status).to.equal(1);
      expect(stderr).to.match(
        /^latchkey: can't create the administrator of ADMIN_EMAIL and ADMIN_PASSWORD: .*; set others\n$/,
      );
    });
  }

  const { version } = findProject();
  for (const args of [[], ['migrate']]) {
    const called = ['latchkey', ...args].join(' ');
    it(`${called} --help prints the usage, whatever else is given, and does nothing`, async () => {
      const [help, short, word] = await Promise.all([
        runCommand([...args, '--help'], { PORT: 'eighty' }),
        runCommand([...args, ...args.flatMap(() => ['what', '--ever']), '-h'], { PORT: 'eighty' }),
        runCommand(['help', ...args], { PORT: 'eighty' }),
      ]);

      expect(help).to.include({ status: 0, stderr: '' });
      expect(help.stdout).to.match(/^use: /);
      expect(short).to.deep.equal(help);
      expect(word).to.deep.equal(help);
    });

    it(`${called} --version prints the version`, async () => {
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
    ['serve', '--', '--help'],
    ['migrate', 'sideways'],
    ['admin', 'create', '--', '--help'],
    ['doctor', '--yaml'],
  ]) {
    it(`latchkey ${args.join(' ')}: prints the usage and exits with 2`, async () => {
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

  const person = ['--email', 'a@example.com', '--name', 'A'];
  for (const [what, args, password, reason] of [
    ['a common password', person, 'password1', 'common'],
    ['a name of two lines', ['--email', 'a@example.com', '--name', 'A\nB'], 'violet lantern 4711', 'full_name '],
    ['a password that is not UTF-8', person, Buffer.from([0x76, 0xff, 0x6f]), 'is not UTF-8 text'],
    ['a line break within the password', person, 'violet\rlantern', 'has several lines'],
    ['two lines as password', person, 'violet lantern\n4711\n', 'has several lines'],
    ['an endless password', person, 'x'.repeat(100_000), 'is too long'],
    ['an empty password', person, '', 'password '],
  ] as const) {
    it(`admin create with ${what}: exits with an error and one clear line`, async () => {
      const { status, stderr } = await runCommand(['admin', 'create', ...args], variables(), password);

      expect(status).to.equal(1);
      expect(stderr.trim().split('\n')).to.have.length(1);
      expect(stderr).to.include(reason);
    });
  }

  it('admin create holds what it is given against the contract, as the API does', () => {
    const good = { email: 'a@example.com', password: 'violet lantern 4711', fullName: 'A' };
    const contract = readContract();
    expect(checkAdmin({ contract }, good)).to.include(good);
    for (const [wrong, reason] of [
      [{ email: 'nobody' }, 'email '],
      [{ fullName: ' ' }, 'full_name '],
      [{ fullName: 'A'.repeat(101) }, 'full_name '],
      [{ fullName: 'Ad\uFFFD' }, 'full_name is not UTF-8 text'],
      [{ password: 'short' }, 'password must have at least 8'],
      [{ password: 'violet\0lantern' }, 'password '],
      [{ password: 'é'.repeat(129) }, 'password '],
    ] as const) {
      try {
        checkAdmin({ contract }, { ...good, ...wrong });
        expect.fail(`accepted ${JSON.stringify(wrong)}`);
      } catch (error) {
        expect(describeFailure(error), JSON.stringify(wrong)).to.include(reason).and.not.include('\n');
      }
    }
  });

  it('admin create reports an address that is taken', async () => {
    const args = ['admin', 'create', '--email', 'ada@example.com', '--name', 'Ada'];
    await runCommand(args, variables(), 'violet lantern 4711');

    const { status, stderr } = await runCommand(args, variables(), 'violet lantern 4711');

    expect(status).to.equal(1);
    expect(stderr).to.include('e-mail');
  });
});
