import { expect } from 'chai';
import { migrate, migrationStates } from '../../../src/platform/database/migrations.ts';
import { rollBack, type Rollback, type RollbackOptions } from '../../../src/platform/database/rollback.ts';
import { createEmptyDatabase, type EmptyDatabase } from '../../support/empty-database.ts';
import { releaseWith, statement, type SampleMigration } from '../../support/sample-migrations.ts';

const table = statement('create table things (id int)', 'drop table things');
const column = statement('alter table things add column name text', 'alter table things drop column name');
const more = statement('create table more (id int)', 'drop table more');
const index = statement('create index concurrently things_id_idx on things (id)', 'drop index things_id_idx', {
  transaction: false,
});

describe('a rollback of migrations', () => {
  let empty: EmptyDatabase;
  let shown: Rollback | undefined;

  beforeEach(async () => {
    empty = await createEmptyDatabase();
    shown = undefined;
  });

  afterEach(() => empty.drop());

  type Samples = Record<string, SampleMigration>;
  const up = (release: string, samples: Samples) => migrate(empty.url, 5000, { release, config: releaseWith(samples) });
  const back = (release: string, samples: Samples, options: Partial<RollbackOptions> = {}) => {
    const preview = async (rollback: Rollback) => {
      shown = rollback;
    };
    return rollBack(empty.url, 5000, { release, config: releaseWith(samples), preview, ...options });
  };
  const refusal = (...args: Parameters<typeof back>) =>
    back(...args).then(
      () => 'done',
      (error: unknown) => `${(error as Error).name}: ${(error as Error).message}`,
    );
  const applied = async () => {
    const states = await migrationStates(empty.database.pool, releaseWith({}));
    return states.map(({ name }) => name);
  };

  it('shows the rows that would be lost, then undoes what this release applied, latest first', async () => {
    const first = { '1_table': table };
    const second = { ...first, '2_column': column, '3_more': more };
    await up('1.0.0', first);
    await up('1.1.0', second);
    await empty.database.pool.raw(`insert into things values (1, 'one'), (2, 'two'), (3, null)`);
    await empty.database.pool.raw('insert into more values (1)');

    const names = await back('1.1.0', second, {
      preview: async (rollback) => {
        expect(await applied()).to.deep.equal(['1_table', '2_column', '3_more']);
        expect(await empty.database.pool('things').pluck<string[]>('name')).to.include('one');
        shown = rollback;
      },
    });

    expect(names).to.deep.equal(['3_more', '2_column']);
    expect(shown).to.deep.equal({
      migrations: ['3_more', '2_column'],
      losses: [
        { table: 'public.more', column: undefined, rows: 1 },
        { table: 'public.things', column: 'name', rows: 2 },
      ],
      unforeseen: [],
    });
    expect(await applied()).to.deep.equal(['1_table']);
  });

  it('does nothing unless confirmed', async () => {
    const samples = { '1_table': table, '2_column': column };
    await up('1.0.0', { '1_table': table });
    await up('1.0.0', samples);

    const refuse = async () => {
      throw new Error('not confirmed');
    };
    expect(await refusal('1.0.0', samples, { preview: refuse })).to.equal('Error: not confirmed');

    expect(await applied()).to.deep.equal(['1_table', '2_column']);
  });

  it('never undoes the first migration unless all data may go', async () => {
    const samples = { '1_table': table, '2_column': column };
    await up('1.0.0', samples);

    const reason = await refusal('1.0.0', samples);

    expect(reason).to.match(/^MigrationError: .*1_table.*every account.*--drop-all-data$/);
    expect(shown).to.equal(undefined);
    expect(await applied()).to.deep.equal(['1_table', '2_column']);
    expect(await back('1.0.0', samples, { dropAllData: true })).to.deep.equal(['2_column', '1_table']);
    expect(shown?.losses).to.deep.equal([{ table: 'public.things', column: undefined, rows: 0 }]);
    expect(await back('1.0.0', samples)).to.deep.equal([]);
  });

  it('keeps what an older release applied, even when this one had nothing to migrate', async () => {
    const samples = { '1_table': table, '2_column': column };
    await up('1.0.0', { '1_table': table });
    await up('1.1.0', samples);
    expect(await up('1.2.0', samples)).to.deep.equal([]);

    expect(await refusal('1.2.0', samples)).to.equal(
      'MigrationError: 2_column was applied by release 1.1.0, and this is 1.2.0; roll back with that release',
    );
    expect(await applied()).to.deep.equal(['1_table', '2_column']);
  });

  it('keeps the previous batch once its own is undone', async () => {
    const first = { '1_table': table, '2_column': column };
    const all = { ...first, '3_more': more };
    await up('1.0.0', { '1_table': table });
    await up('1.1.0', first);
    await up('1.2.0', all);
    await back('1.2.0', all);

    expect(await refusal('1.2.0', all)).to.include('2_column was applied by release 1.1.0');
  });

  it('keeps what an unnamed release applied', async () => {
    const samples = { '1_table': table, '2_column': column };
    await up('1.0.0', { '1_table': table });
    await up('1.0.0', samples);
    await empty.database.pool.raw('alter table migrations drop column release');

    expect(await refusal('1.0.0', samples)).to.include('2_column was applied by an older release');
    expect(await up('1.1.0', { ...samples, '3_more': more })).to.deep.equal(['3_more']);
    expect(await back('1.1.0', { ...samples, '3_more': more })).to.deep.equal(['3_more']);
  });

  it('keeps unknown migrations', async () => {
    const older = { '1_table': table };
    await up('1.0.0', { ...older, '2_column': column });

    expect(await refusal('1.0.0', older)).to.equal(
      'MigrationError: 1_table, 2_column came with another release; roll back with that release',
    );
  });

  it('does nothing when somebody migrated while it waited for an answer', async () => {
    const samples = { '1_table': table, '2_column': column };
    await up('1.0.0', { '1_table': table });
    await up('1.1.0', samples);

    const reason = await refusal(
      '1.1.0',
      { ...samples, '3_more': more },
      {
        preview: async () => {
          await up('1.1.0', { ...samples, '3_more': more });
        },
      },
    );

    expect(reason).to.equal(
      'MigrationError: the database was migrated in the meantime, so nothing was rolled back; check again',
    );
    expect(await applied()).to.deep.equal(['1_table', '2_column', '3_more']);
  });

  it("names the migrations whose losses can't be predicted", async () => {
    const samples = { '1_table': table, '2_index': index };
    await up('1.0.0', { '1_table': table });
    await up('1.1.0', samples);

    expect(await back('1.1.0', samples)).to.deep.equal(['2_index']);

    expect(shown).to.deep.equal({ migrations: ['2_index'], losses: [], unforeseen: ['2_index'] });
  });
});
