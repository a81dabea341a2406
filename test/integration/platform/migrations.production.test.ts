import { expect } from 'chai';
import { migrate, migrationStates } from '../../../src/platform/database/migrations.ts';
import { createEmptyDatabase, type EmptyDatabase } from '../../support/empty-database.ts';
import { releaseWith, statement } from '../../support/sample-migrations.ts';

const outside = { transaction: false };
const table = statement('create table things (id int)', 'drop table things');
const column = statement('alter table things add column name text', 'alter table things drop column name');
const index = statement('create index concurrently things_id_idx on things (id)', 'drop index things_id_idx', outside);

describe('migrations during service', () => {
  let empty: EmptyDatabase;
  let said: string[];

  beforeEach(async () => {
    empty = await createEmptyDatabase();
    said = [];
  });

  afterEach(() => empty.drop());

  type Release = ReturnType<typeof releaseWith>;
  const say = (message: string) => void said.push(message);
  const up = (config: Release) => migrate(empty.url, 5000, { config, say });
  const applied = async (config: Release) =>
    (await migrationStates(empty.database.pool, config))
      .filter(({ batch }) => batch !== undefined)
      .map(({ name }) => name);

  /** Locks a table, like a forgotten transaction. */
  async function holdTable(): Promise<() => Promise<unknown>> {
    const holder = await empty.database.pool.transaction();
    await holder.raw('select * from things');
    return () => holder.rollback();
  }

  it('create an index concurrently once, with six processes at the same time', async () => {
    const release = releaseWith({ '1_table': table, '2_index': index });

    const results = await Promise.all(Array.from({ length: 6 }, () => up(release)));

    expect(results.flat()).to.deep.equal(['1_table', '2_index']);
    const { rows } = await empty.database.pool.raw<{ rows: { indisvalid: boolean }[] }>(
      `select indisvalid from pg_index where indexrelid = 'things_id_idx'::regclass`,
    );
    expect(rows).to.deep.equal([{ indisvalid: true }]);
    expect(said).to.include('another process is migrating this database; waiting for it');
  });

  it('retry when a lock is held briefly, letting others pass', async () => {
    await up(releaseWith({ '1_table': table }));
    const release = await holdTable();

    const migrating = up(releaseWith({ '1_table': table, '2_column': column }));
    while (!said.includes('2_column is waiting for a lock; retrying')) await new Promise(setImmediate);
    await release();

    expect(await migrating).to.deep.equal(['2_column']);
  });

  it('fail with one clear error when a lock is held for long, without blocking reads', async function () {
    await up(releaseWith({ '1_table': table }));
    const next = releaseWith({ '1_table': table, '2_column': column });
    const release = await holdTable();

    const failure = await up(next).then(
      () => undefined,
      (error: unknown) => error as Error,
    );

    await release();
    expect(failure).to.have.property('name', 'MigrationError');
    expect(failure?.message).to.include('2_column').and.include('pg_stat_activity');
    expect(await applied(next)).to.deep.equal(['1_table']);
    expect(await up(next)).to.deep.equal(['2_column']);
  });

  it("ignore the role's timeouts, inside and outside a transaction", async () => {
    await empty.database.pool.raw(`alter database ${empty.name} set statement_timeout = '100ms'`);
    const slow = 'select pg_sleep(0.3)';

    const names = await up(releaseWith({ '1_in': statement(slow), '2_out': statement(slow, 'select 1', outside) }));

    expect(names).to.have.length(2);
  });

  it("of a newer release don't keep the older one from starting", async () => {
    const older = releaseWith({ '1_table': table });
    await migrate(empty.url, 5000, { config: releaseWith({ '1_table': table, '2_column': column }), release: '2.0.0' });

    expect(await up(older)).to.deep.equal([]);
    expect(await migrationStates(empty.database.pool, older)).to.deep.equal([
      { name: '1_table', batch: 1, release: '2.0.0', known: true },
      { name: '2_column', batch: 1, release: '2.0.0', known: false },
    ]);
  });

  it('keep those before one that fails, and apply nothing of it or after it', async () => {
    const broken = statement('create table half (id int); select 1 / 0');
    const release = releaseWith({ '1_table': table, '2_broken': broken, '3_column': column });

    const failure = await up(release).catch((error: unknown) => error as Error);

    expect(failure).to.have.property('message').that.includes('division by zero');
    expect(await applied(release)).to.deep.equal(['1_table']);
    expect(await empty.database.pool.schema.hasTable('half')).to.equal(false);
  });
});
