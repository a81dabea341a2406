import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { openDatabase, type Database } from '../../../src/platform/database/database.ts';
import { migrate, migrationConfig, pendingMigrations } from '../../../src/platform/database/migrations.ts';
import { describeSchema } from '../../../src/platform/database/schema.ts';
import { findProject } from '../../../src/platform/project.ts';
import { createDatabase, dropDatabase } from '../../support/postgres.ts';

const readSchemaFile = () => readFile(path.join(findProject().root, 'migrations', 'schema.sql'), 'utf8');
const first = '20260115090000_accounts';
const tables = ['idempotency_keys', 'refresh_tokens', 'sessions', 'users'];
const ofKnex = ['migrations', 'migrations_lock'];

describe('migrations', () => {
  let name: string;
  let url: string;
  let database: Database;
  beforeEach('create an empty database', async () => {
    name = `latchkey_migrations_${randomBytes(8).toString('hex')}`;
    url = await createDatabase(process.env['TEST_SERVER_URL']!, name);
    database = openDatabase(url, { poolMax: 2, connectTimeoutMs: 5000, statementTimeoutMs: 10_000 });
  });
  afterEach(async () => {
    await database.close();
    await dropDatabase(process.env['TEST_SERVER_URL']!, name);
  });

  const up = () => migrate(url, 5000);
  const down = () => database.pool.migrate.rollback(migrationConfig, true);
  const namesOf = async (statement: string) => {
    const { rows } = await database.pool.raw<{ rows: { name: string }[] }>(statement);
    return rows.map((row) => row.name).sort();
  };
  const tablesOf = () => namesOf(`select tablename as name from pg_tables where schemaname = 'public'`);
  const columnsOf = () =>
    namesOf(`
      select concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default) as name
      from information_schema.columns where table_schema = 'public'`);

  it("are all pending in an empty database, which a look doesn't change", async () => {
    const pending = await pendingMigrations(database.pool);

    expect(pending[0]).to.equal(first);
    expect(pending).to.deep.equal([...pending].sort());
    expect(await tablesOf()).to.deep.equal([]);
  });

  it('are applied once, in order', async () => {
    const pending = await pendingMigrations(database.pool);

    expect(await up()).to.deep.equal(pending);
    expect(await pendingMigrations(database.pool)).to.deep.equal([]);
    expect(await up()).to.deep.equal([]);
    expect(await tablesOf()).to.include.members([...tables, ...ofKnex]);
  });

  it('are applied once by many processes starting at the same time', async () => {
    const pending = await pendingMigrations(database.pool);

    const applied = await Promise.all([up(), up(), up(), up()]);

    expect(applied.flat()).to.deep.equal(pending);
    expect(await database.pool('migrations').pluck<string[]>('name')).to.deep.equal(pending);
  });

  it('ignore a lock left by a dead process', async () => {
    const pending = await pendingMigrations(database.pool);
    await up();
    await down();
    await database.pool('migrations_lock').update({ is_locked: 1 });

    expect(await up()).to.deep.equal(pending);
  });

  it('roll back to nothing and forward to the same schema', async () => {
    await up();
    const before = await columnsOf();

    await down();

    expect(await tablesOf()).to.deep.equal(ofKnex);
    expect(await pendingMigrations(database.pool)).to.include(first);
    await up();
    expect(await columnsOf()).to.deep.equal(before);
  });

  it('are each reversible: up, down and up gives the same schema', async () => {
    const step = (direction: 'up' | 'down', migration: string) =>
      database.pool.migrate[direction]({ ...migrationConfig, name: migration });
    // No migration reverts this one, since others may depend on it.
    await database.pool.raw('create extension pg_trgm');
    let before = await describeSchema(database.pool);
    const pending = await pendingMigrations(database.pool);
    expect(pending).not.to.be.empty;
    for (const migration of pending) {
      await step('up', migration);
      const after = await describeSchema(database.pool);

      await step('down', migration);
      expect(await describeSchema(database.pool), `what ${migration} leaves behind`).to.equal(before);
      await step('up', migration);
      expect(await describeSchema(database.pool), `what ${migration} makes again`).to.equal(after);
      before = after;
    }
  });

  it('produce schema.sql', async () => {
    await up();

    expect(await readSchemaFile(), 'migrations/schema.sql is out of date; run: npm run migrate -- schema').to.equal(
      await describeSchema(database.pool),
    );
  });

  it('produce what schema.sql produces by itself', async () => {
    const file = await readSchemaFile();

    await database.pool.raw(file);

    expect(await describeSchema(database.pool)).to.equal(file);
  });

  it('keep inserts of the previous release working', async () => {
    await up();
    await database.pool('migrations').insert({ name: '29990101000000_newer', batch: 2, migration_time: new Date() });

    expect(await pendingMigrations(database.pool)).to.deep.equal([]);
  });

  it('name every constraint', async () => {
    await up();

    const names = await namesOf(`
      select conname as name from pg_constraint
      where connamespace = 'public'::regnamespace and contype <> 'n' and conrelid::regclass::text not like 'migrations%'`);

    for (const constraint of names) expect(constraint).to.match(/^[a-z_]+_(pkey|key|fkey|check)$/);
  });

  it('name every index', async () => {
    await up();

    const names = await namesOf(`
      select indexname as name from pg_indexes where schemaname = 'public' and tablename not like 'migrations%'`);

    for (const index of names) expect(index).to.match(/^[a-z_]+_(pkey|key|idx)$/);
  });

  it('index every foreign key, so that deleting a parent is cheap', async () => {
    await up();

    const bare = await namesOf(`
      select conname as name from pg_constraint c
      where contype = 'f' and not exists (
        select from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1])`);

    expect(bare).to.deep.equal([]);
  });
});
