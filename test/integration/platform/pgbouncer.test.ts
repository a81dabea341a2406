import { expect } from 'chai';
import { openDatabase } from '../../../src/platform/database/database.ts';
import { migrate, pendingMigrations } from '../../../src/platform/database/migrations.ts';
import type { JobHandler } from '../../../src/platform/jobs/job.ts';
import { createJobQueue } from '../../../src/platform/jobs/queue.ts';
import { startJobWorker } from '../../../src/platform/jobs/worker.ts';
import { createLog } from '../../../src/platform/log/log.ts';
import { startApp, type AppOptions, type TestApp } from '../../support/app.ts';
import { copyTemplate } from '../../support/database.ts';
import { createEmptyDatabase } from '../../support/empty-database.ts';
import { eventually } from '../../support/eventually.ts';
import { newPerson, registration } from '../../support/people.ts';
import { keepsStatements, pgBouncerVersion, startPgBouncer, type PgBouncer } from '../../support/pgbouncer.ts';
import { releaseWith, statement } from '../../support/sample-migrations.ts';

const bounds = { poolMax: 1, connectTimeoutMs: 5000, statementTimeoutMs: 10_000 };

describe('through PgBouncer in transaction mode', function () {
  let bouncer: PgBouncer | undefined;
  let copy: { url: string; drop: () => Promise<void> };
  let url: string;

  before(async function () {
    if (pgBouncerVersion === undefined) {
      process.stdout.write('  no pgbouncer on the PATH: skipped what needs one\n');
      this.skip();
    }
    bouncer = await startPgBouncer(process.env['TEST_SERVER_URL']!);
    copy = await copyTemplate();
    url = bouncer.through(copy.url);
  });

  after(async () => {
    await bouncer?.stop();
    if (bouncer) await copy.drop();
  });

  /** Twelve people at once register, sign in, read, refresh and sign out. Returns the distinct statuses. */
  async function statusesOfManyJourneys(env: NonNullable<AppOptions['env']>): Promise<number[]> {
    const app = await startApp(url, { env });
    try {
      const journeys = await Promise.all(Array.from({ length: 12 }, () => journey(app)));
      return [...new Set(journeys.flat())].sort();
    } finally {
      await app.stop();
    }
  }

  async function journey(app: TestApp): Promise<number[]> {
    const person = newPerson();
    const registered = await app.send('post', '/auth/register', { json: registration(person) });
    const answer = await app.login(person);
    const tokens = answer.body as { access_token: string; refresh_token: string };
    const statuses = [registered.status, answer.status];
    for (let turn = 0; turn < 5; turn++) {
      statuses.push((await app.send('get', '/auth/me', { token: tokens.access_token })).status);
      const rotated = await app.send('post', '/auth/refresh', { json: { refresh_token: tokens.refresh_token } });
      statuses.push(rotated.status);
      Object.assign(tokens, rotated.body);
    }
    statuses.push((await app.send('post', '/auth/logout', { token: tokens.access_token })).status);
    return statuses;
  }

  it('works with DATABASE_PREPARED_STATEMENTS=off', async () => {
    expect(await statusesOfManyJourneys({ DATABASE_PREPARED_STATEMENTS: 'off' })).to.deep.equal([200, 201, 204]);
  });

  it('works with prepared statements from 1.21 on', async function () {
    if (!keepsStatements) {
      process.stdout.write(`  PgBouncer ${pgBouncerVersion} can't keep prepared statements: skipped what needs 1.21\n`);
      this.skip();
    }
    expect(await statusesOfManyJourneys({})).to.deep.equal([200, 201, 204]);
  });

  it('fails with prepared statements before 1.21, so the setting is needed', async function () {
    if (keepsStatements) {
      process.stdout.write(
        `  PgBouncer ${pgBouncerVersion} keeps prepared statements: skipped what needs an older one\n`,
      );
      this.skip();
    }
    expect(await statusesOfManyJourneys({})).to.include(500);
  });

  it('shares jobs among workers and runs each once', async () => {
    const databases = [1, 2, 3].map(() => openDatabase(url, { ...bounds, poolMax: 3, preparedStatements: false }));
    const { pool } = databases[0]!;
    const queue = createJobQueue();
    const done: string[] = [];
    const handler: JobHandler = {
      name: 'try',
      run: async (_payload, { jobId, attempt }) => {
        if (attempt === 1) throw new Error('not yet');
        done.push(jobId);
      },
    };
    const hourly: JobHandler = { name: 'hourly', everySeconds: 3600, run: async () => void done.push('hourly') };
    const workers = databases.map((database) =>
      startJobWorker({
        database,
        queue,
        handlers: [handler, hourly],
        log: createLog({ level: 'silent', format: 'json' }),
        record: () => {},
        pollMs: 50,
      }),
    );
    try {
      const ids = await Promise.all(
        Array.from({ length: 50 }, () => queue.enqueue(pool, { name: 'try', payload: {} })),
      );
      await eventually('only the recurring one is left', async () => {
        await pool('jobs').where({ name: 'try', lease_id: null }).update({ run_at: pool.fn.now() });
        return (await pool('jobs').whereIn('name', ['try', 'hourly']).pluck('name')).join() === 'hourly';
      });
      expect(done.sort()).to.deep.equal(['hourly', ...ids].sort());
    } finally {
      await Promise.all(workers.map((worker) => worker.stop(5000)));
      await Promise.all(databases.map((database) => database.close()));
    }
  });

  it("relies on the database's own timeouts, which a client can't set", async () => {
    const empty = await createEmptyDatabase();
    try {
      await empty.database.pool.raw(`alter database ${empty.name} set statement_timeout = '1234ms'`);
      const database = openDatabase(bouncer!.through(empty.url), bounds);

      const { rows } = await database.pool.raw<{ rows: unknown[] }>('show statement_timeout');

      await database.close();
      expect(rows).to.deep.equal([{ statement_timeout: '1234ms' }]);
    } finally {
      await empty.drop();
    }
  });

  it('applies migrations once by many processes, concurrent indexes included', async () => {
    const empty = await createEmptyDatabase();
    const release = releaseWith({
      '1_table': statement('create table things (id int)'),
      '2_index': statement('create index concurrently i on things (id)', 'select 1', { transaction: false }),
    });
    try {
      const applied = await Promise.all(
        [1, 2, 3].map(() => migrate(bouncer!.through(empty.url), 5000, { config: release })),
      );

      expect(applied.flat()).to.deep.equal(['1_table', '2_index']);
      expect(await pendingMigrations(empty.database.pool, release)).to.deep.equal([]);
    } finally {
      await empty.drop();
    }
  });
});
