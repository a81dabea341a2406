import { expect } from 'chai';
import type { Knex } from 'knex';
import { migrationConfig } from '../../../src/platform/database/migrations.ts';
import { createEmptyDatabase, type EmptyDatabase } from '../../support/empty-database.ts';
import { recordMigrations } from '../../support/migration-lint/recording.ts';
import { lintMigration } from '../../support/migration-lint/rules.ts';
import { releaseWith, type SampleMigration } from '../../support/sample-migrations.ts';

type Up = SampleMigration['up'];

const sql =
  (...statements: string[]): Up =>
  async (db) => {
    for (const statement of statements) await db.raw(statement);
  };
const built =
  (build: (schema: Knex.SchemaBuilder) => Promise<unknown>): Up =>
  async (db) => {
    await build(db.schema);
  };
const outside = { transaction: false };
const contract = { phase: 'contract' } as const;

/** The schema and rows before each migration. */
const earlier = sql(
  'create table people (id int primary key, name text, born text not null default now(), boss int)',
  'create index people_name_idx on people (name)',
  'insert into people values (1)',
  'alter table people add constraint people_boss_check check (boss is not null) not valid',
);

describe('the migration lint', () => {
  let empty: EmptyDatabase;

  beforeEach(async () => {
    empty = await createEmptyDatabase();
  });

  afterEach(() => empty.drop());

  async function lint(config: Knex.MigratorConfig): Promise<string[]> {
    return (await recordMigrations(empty.database.pool, config)).flatMap(lintMigration);
  }

  it('accepts the migrations of this release', async () => {
    const recordings = await recordMigrations(empty.database.pool, migrationConfig);

    expect(recordings.flatMap(lintMigration)).to.deep.equal([]);
    for (const { name, statements } of recordings) expect(statements, name).to.not.be.empty;
  });

  const refused: [what: string, migration: SampleMigration, problem: string][] = [
    ['an index that blocks writers', { up: sql('create index i on people (born)') }, 'make it concurrently'],
    [
      '… also as knex builds it',
      { up: built((s) => s.alterTable('people', (t) => void t.index(['born'], 'i'))) },
      'make it concurrently',
    ],
    [
      "knex's unique index",
      { up: built((s) => s.alterTable('people', (t) => void t.unique(['born']))) },
      'make a unique index concurrently',
    ],
    [
      'a primary key on another column',
      { up: sql('alter table people drop constraint people_pkey', 'alter table people add primary key (id)') },
      'under a lock',
    ],
    [
      'a required column without a default',
      { up: sql('truncate people', 'alter table people add column age int not null') },
      'give it a default',
    ],
    [
      '… also as knex builds it',
      {
        up: async (db) => {
          await db('people').truncate();
          await db.schema.alterTable('people', (t) => void t.integer('age').notNullable());
        },
      },
      'give it a default',
    ],
    [
      'a column with a foreign key',
      { up: sql('alter table people add column friend int references people') },
      'add the constraint by itself',
    ],
    ['a renamed column', { up: sql('alter table people rename name to full_name') }, 'add the new beside the old'],
    [
      '… also as knex builds it',
      { up: built((s) => s.alterTable('people', (t) => void t.renameColumn('name', 'full_name'))) },
      'add the new beside the old',
    ],
    ['a renamed table', { up: built((s) => s.renameTable('people', 'persons')) }, 'add the new beside the old'],
    [
      'a renamed constraint, which code may name',
      { up: sql('alter table people rename constraint people_pkey to people_key') },
      'add the new beside the old',
    ],
    ['a dropped column', { up: sql('alter table people drop column name') }, "phase = 'contract'"],
    [
      '… also as knex builds it',
      { up: built((s) => s.alterTable('people', (t) => void t.dropColumn('name'))) },
      "phase = 'contract'",
    ],
    ['a dropped table', { up: built((s) => s.dropTable('people')) }, "phase = 'contract'"],
    ['a dropped default', { up: sql('alter table people alter born drop default') }, "phase = 'contract'"],
    ['an index that is not dropped concurrently', { up: sql('drop index people_name_idx') }, 'drop it concurrently'],
    [
      'a changed type that rewrites the table',
      { up: sql('alter table people alter id type bigint') },
      'rewrites people',
    ],
    [
      '… also as knex builds it, also as contract',
      {
        up: built((s) =>
          s.alterTable('people', (t) => void t.bigInteger('id').notNullable().alter({ alterNullable: false })),
        ),
        ...contract,
      },
      'rewrites people',
    ],
    [
      'a default that differs for each row',
      { up: sql('alter table people add column mark uuid not null default gen_random_uuid()') },
      'rewrites people',
    ],
    [
      'a changed type that checks every row',
      { up: sql('alter table people alter name type varchar(9)') },
      'changes the type of people.name',
    ],
    ['a validated check', { up: sql('alter table people add constraint c check (id > 0)') }, 'add it not valid'],
    [
      '… also as knex builds it',
      { up: built((s) => s.alterTable('people', (t) => void t.check('id > 0', {}, 'c'))) },
      'add it not valid',
    ],
    [
      'a validated foreign key',
      { up: built((s) => s.alterTable('people', (t) => void t.foreign('boss', 'f').references('people.id'))) },
      'add it not valid',
    ],
    [
      'a constraint added and validated in one transaction',
      {
        up: sql(
          'alter table people add constraint c check (id > 0) not valid',
          'alter table people validate constraint c',
        ),
      },
      'in a later migration',
    ],
    [
      'set not null without a validated check',
      { up: sql(`update people set name = born, boss = 1`, 'alter table people alter name set not null'), ...contract },
      'first validate a check',
    ],
    [
      'an update of all rows in one transaction',
      {
        up: async (db) => {
          await db('people').update({ boss: 1 });
        },
      },
      'in batches',
    ],
    [
      'a trigger on an existing table',
      {
        up: sql(
          `create function f() returns trigger language plpgsql as 'begin return new; end'`,
          'create trigger t before insert on people for each row execute function f()',
        ),
      },
      'does not know',
    ],
    [
      "a DO block, which it can't inspect",
      { up: sql(`do $$ begin alter table people drop column name; end $$`) },
      'DoStmt',
    ],
    ['a locked table', { up: sql('lock table people') }, 'LockStmt'],
    ['a clustered table', { up: sql('cluster people using people_pkey') }, 'ClusterStmt'],
    [
      'an index that a failure would leave invalid',
      { up: sql('create index concurrently i on people (born)'), config: outside },
      'drop the index concurrently if it exists first',
    ],
    [
      'a table created outside a transaction',
      { up: sql('create table other (id int)'), config: outside },
      'may stop halfway',
    ],
  ];
  for (const [what, migration, problem] of refused) {
    it(`refuses ${what}`, async () => {
      const problems = await lint(releaseWith({ '1_earlier': { up: earlier }, '2_next': migration }));

      expect(problems.join('\n')).to.include(problem);
      for (const line of problems) expect(line).to.match(/^2_next /);
    });
  }

  const fine: [what: string, migration: SampleMigration][] = [
    [
      'any change to a new table',
      {
        up: sql(
          'create table cats (id int primary key, owner int not null references people)',
          'create index cats_owner_idx on cats (owner)',
          'alter table cats rename owner to keeper',
          'insert into cats select 1, id from people',
          'alter table cats drop column keeper',
        ),
      },
    ],
    ['a nullable column', { up: built((s) => s.alterTable('people', (t) => void t.text('nickname'))) }],
    [
      'a column with a default',
      { up: built((s) => s.alterTable('people', (t) => void t.integer('age').notNullable().defaultTo(0))) },
    ],
    [
      'an index created concurrently',
      {
        up: sql('drop index concurrently if exists i', 'create index concurrently i on people (born)'),
        config: outside,
      },
    ],
    ['a constraint added as not valid', { up: sql('alter table people add constraint c check (id > 0) not valid') }],
    [
      'rows updated outside a transaction',
      {
        up: sql(
          'update people set boss = 1 where boss is null',
          'alter table people validate constraint people_boss_check',
        ),
        config: outside,
      },
    ],
    [
      'removals in a contract migration',
      {
        up: sql(
          'alter table people drop column name',
          'drop table if exists other',
          'alter table people alter born drop default',
        ),
        ...contract,
      },
    ],
    ['a longer text, in a contract migration', { up: sql('alter table people alter name type varchar'), ...contract }],
  ];
  for (const [what, migration] of fine) {
    it(`accepts ${what}`, async () => {
      expect(await lint(releaseWith({ '1_earlier': { up: earlier }, '2_next': migration }))).to.deep.equal([]);
    });
  }

  it('accepts set not null where a validated check exists', async () => {
    const release = releaseWith({
      '1_earlier': { up: earlier },
      '2_fill': {
        up: sql('update people set boss = 1', 'alter table people validate constraint people_boss_check'),
        config: outside,
      },
      '3_forbid': {
        up: sql('alter table people alter boss set not null', 'alter table people drop constraint people_boss_check'),
        ...contract,
      },
    });

    expect(await lint(release)).to.deep.equal([]);
  });
});
