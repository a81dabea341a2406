import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrate } from '../../../src/platform/database/migrations.ts';
import { findProject } from '../../../src/platform/project.ts';
import { createEmptyDatabase, type EmptyDatabase } from '../../support/empty-database.ts';
import { eventually } from '../../support/eventually.ts';
import { launch, main, runCommand, startServer } from '../../support/process.ts';
import { aUser } from '../factories.ts';

const accounts = '20260115090000_accounts';
const { version } = findProject();

describe('migrations as a separate step', function () {
  let empty: EmptyDatabase;

  beforeEach(async () => {
    empty = await createEmptyDatabase();
  });

  afterEach(() => empty.drop());

  const variables = (more: Record<string, string> = {}) => ({
    DATABASE_URL: empty.url,
    DATA_DIR: path.join(tmpdir(), 'latchkey-commands'),
    ...more,
  });
  const off = { MIGRATE_AT_START: 'off' };

  const run = (...args: string[]) => runCommand(['migrate', ...args], variables());
  const migrated = () => migrate(empty.url, 10_000);
  const countUsers = async () => (await empty.database.pool('users').select()).length;

  it('migrate lists what it applied', async () => {
    expect((await run('status')).stdout)
      .to.include(`missing  ${accounts}\n`)
      .and.include('nothing to roll back\n');

    const applied = await run();

    expect(applied).to.include({ status: 0, stderr: '' });
    expect(applied.stdout).to.match(new RegExp(`^applying ${accounts}\n(.*\n)*\\d+ applied\n$`));
    expect((await run()).stdout).to.equal('nothing to migrate\n');
    const { stdout } = await run('status');
    expect(stdout).to.include(`applied  ${accounts} (batch 1, by release ${version})\n`);
    expect(stdout).to.match(/^can't roll back: .*--drop-all-data$/m);
  });

  it('migrate rollback never drops accounts, whatever ran before', async () => {
    await migrated();
    await aUser(empty.database.pool, { role: 'admin' });
    await migrated();

    const { status, stdout, stderr } = await run('rollback', '--yes');

    expect(status).to.equal(1);
    expect(stdout).to.equal('');
    expect(stderr).to.match(new RegExp(`^latchkey: .*${accounts}.*every account.*--drop-all-data\n$`));
    expect(await countUsers()).to.equal(1);
  });

  it('migrate rollback --drop-all-data says what is lost and still asks', async () => {
    await migrated();
    await aUser(empty.database.pool);

    // A yes that nobody typed at a terminal is none.
    const { status, stdout, stderr } = await runCommand(
      ['migrate', 'rollback', '--drop-all-data'],
      variables(),
      'yes\n',
    );

    expect(status).to.equal(1);
    expect(stdout).to.include(`undoes`).and.include(accounts).and.include('loses  table public.users: 1 row\n');
    expect(stderr).to.equal('latchkey: nothing was rolled back; answer yes at a terminal, or add --yes\n');
    expect(await countUsers()).to.equal(1);
  });

  it('migrate rollback --drop-all-data --yes undoes everything', async () => {
    await migrated();

    const { status, stdout } = await run('rollback', '--drop-all-data', '--yes');

    expect(status).to.equal(0);
    expect(stdout)
      .to.include(`rolling back ${accounts}\n`)
      .and.match(/\d+ rolled back\n$/);
    expect((await run('rollback')).stdout).to.equal('nothing to roll back\n');
  });

  const terminal = (answer: string) => {
    const command = `exec ${process.execPath} ${main} migrate rollback --drop-all-data`;
    const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...variables() };
    // The terminal turns these bytes into Ctrl-C and Ctrl-D.
    const typed = `(sleep 0.2; until grep -q 'Type yes' "$0"; do sleep 0.1; done; printf '${answer}'; sleep 1)`;
    const file = path.join(tmpdir(), `latchkey-terminal-${randomUUID()}`);
    const script = `${typed} | script --quiet --flush --return --command '${command}' "$0"`;
    return spawnSync('sh', ['-c', script, file], { env, encoding: 'utf8' });
  };

  for (const [what, answer, ends] of [
    ['yes', 'yes\\n', 0],
    ['y', 'y\\n', 1],
    ['Ctrl-C', '\\003', 130],
  ] as const) {
    it(`migrate rollback asks at a terminal, and takes ${what} as ${ends ? 'a no' : 'a yes'}, with status ${ends}`, async function () {
      if (spawnSync('script', ['--version']).error) {
        process.stdout.write('  no script(1) on the PATH: skipped what needs a terminal\n');
        this.skip();
      }
      await migrated();
      await aUser(empty.database.pool);

      const { status, stdout } = terminal(answer);

      expect(stdout)
        .to.include('Roll back? Type yes: ')
        .and.not.match(/^ +at /m);
      expect(status).to.equal(ends);
      expect(await empty.database.pool.schema.hasTable('users')).to.equal(ends !== 0);
    });
  }

  it("knex's own command line lists the migrations but can't undo them", async () => {
    await migrated();
    await aUser(empty.database.pool, { role: 'admin' });
    const knex = (command: string) =>
      spawnSync(process.execPath, ['--import', 'tsx', 'node_modules/knex/bin/cli.js', command], {
        env: { PATH: process.env['PATH'], ...variables() },
        encoding: 'utf8',
      });

    expect(knex('migrate:list').stdout).to.include(accounts);
    expect(knex('migrate:rollback').stderr).to.include('npm run migrate -- rollback');
    expect(await countUsers()).to.equal(1);
  });

  it('migrate with anything else prints the usage', async () => {
    for (const args of [['rollback', 'all'], ['--yes'], ['rollback', '--all']]) {
      const { status, stdout, stderr } = await run(...args);

      expect(status, args.join(' ')).to.equal(2);
      expect(stdout).to.equal('');
      expect(stderr).to.match(/^latchkey: (there is no option .*|migrate .*); use: npm run migrate.*\n$/);
    }
  });

  it('three servers that start at once on an empty database all serve', async () => {
    const servers = await Promise.all([1, 2, 3].map(() => startServer(variables())));

    for (const { origin } of servers) {
      expect((await fetch(`${origin}/api/v1/health/ready`)).status).to.equal(200);
    }
    expect(await Promise.all(servers.map((server) => server.stop()))).to.have.length(3);
  });

  it('a server waiting for another migration ignores SIGHUP and stops on SIGTERM', async () => {
    const other = await empty.database.pool.transaction();
    await other.raw('select pg_advisory_xact_lock(?)', [0x6c617463]); // the lock of migrations
    const { child, finished, output } = launch(['serve'], variables({ WORKERS: '2', PORT: '0', LOG_FORMAT: 'json' }));
    await eventually('it waits', () => output().includes('another process is migrating'));

    child.kill('SIGHUP');
    child.kill('SIGTERM');
    await other.rollback();

    const { status, stdout } = await finished;
    expect(status).to.equal(0);
    expect(stdout).to.include('"signal":"SIGTERM"').and.not.to.include('listens');
  });

  it('with MIGRATE_AT_START=off a server refuses to start without its migrations and changes nothing', async () => {
    const { status, stderr } = await runCommand(['serve'], variables({ ...off, PORT: '0' }));

    expect(status).to.equal(1);
    expect(stderr.trim().split('\n')).to.have.length(1);
    expect(stderr).to.include(accounts).and.include('run the command migrate first');
    expect(await empty.database.pool.schema.hasTable('users')).to.equal(false);
  });

  it('with MIGRATE_AT_START=off a server starts after the step', async () => {
    await migrated();

    const server = await startServer(variables(off));

    expect((await fetch(`${server.origin}/api/v1/health/ready`)).status).to.equal(200);
    await server.stop();
  });
});
