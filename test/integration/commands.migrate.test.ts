import { expect } from 'chai';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createEmptyDatabase, type EmptyDatabase } from '../support/empty-database.ts';
import { eventually } from '../support/eventually.ts';
import { launch, runCommand, startServer } from '../support/process.ts';

const accounts = '20260115090000_accounts';

describe('migrations as a step of their own', function () {
  this.timeout(60_000);
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

  it('migrate applies, lists and rolls back what it applied', async () => {
    const migrate = (...args: string[]) => runCommand(['migrate', ...args], variables());
    expect((await migrate('status')).stdout).to.include(`missing  ${accounts}\n`);

    const applied = await migrate();

    expect(applied).to.include({ status: 0, stderr: '' });
    expect(applied.stdout).to.match(new RegExp(`^applying ${accounts}\n(.*\n)*\\d+ applied\n$`));
    expect((await migrate('status')).stdout).to.include(`applied  ${accounts} (batch 1)\n`);
    expect((await migrate('rollback')).stdout).to.include(`rolling back ${accounts}\n`);
    expect((await migrate('status')).stdout).to.include(`missing  ${accounts}\n`);
    expect((await migrate('rollback')).stdout).to.equal('nothing to roll back\n');
  });

  it('migrate with anything else says what there is', async () => {
    const { status, stderr } = await runCommand(['migrate', 'rollback', 'all'], variables());

    expect(status).to.equal(1);
    expect(stderr).to.equal('latchkey: use: npm run migrate, or npm run migrate -- rollback | status\n');
  });

  it('three servers that start at once on an empty database all serve', async () => {
    const servers = await Promise.all([1, 2, 3].map(() => startServer(variables())));

    for (const { origin } of servers) {
      expect((await fetch(`${origin}/api/v1/health/ready`)).status).to.equal(200);
    }
    expect(await Promise.all(servers.map((server) => server.stop()))).to.have.length(3);
  });

  it('a server that waits for another migration is not ended by SIGHUP, and by SIGTERM before it listens', async () => {
    const other = await empty.database.pool.transaction();
    await other.raw('select pg_advisory_xact_lock(?)', [0x6c617463]); // the lock of migrations
    const { child, finished, output } = launch(['serve'], variables({ WORKERS: '2', PORT: '0', LOG_FORMAT: 'json' }));
    await eventually('it waits', () => output().includes('another process migrates'));

    child.kill('SIGHUP');
    child.kill('SIGTERM');
    await other.rollback();

    const { status, stdout } = await finished;
    expect(status).to.equal(0);
    expect(stdout).to.include('"signal":"SIGTERM"').and.not.to.include('listens');
  });

  it('with MIGRATE_AT_START=off a server refuses to start without its migrations, and changes nothing', async () => {
    const { status, stderr } = await runCommand(['serve'], variables({ ...off, PORT: '0' }));

    expect(status).to.equal(1);
    expect(stderr.trim().split('\n')).to.have.length(1);
    expect(stderr).to.include(accounts).and.include('run the command migrate first');
    expect(await empty.database.pool.schema.hasTable('users')).to.equal(false);
  });

  it('with MIGRATE_AT_START=off a server starts after the step', async () => {
    await runCommand(['migrate'], variables());

    const server = await startServer(variables(off));

    expect((await fetch(`${server.origin}/api/v1/health/ready`)).status).to.equal(200);
    await server.stop();
  });
});
