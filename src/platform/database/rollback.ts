import type { Knex } from 'knex';
import { findProject } from '../project.ts';
import type { Database, Db } from './database.ts';
import { retryLockTimeouts, withDatabase, withMigrationLock } from './migration-lock.ts';
import { MigrationError } from './refusals.ts';
import {
  migrationConfig,
  migrationStates,
  type MigrationFile,
  type MigrationOptions,
  type MigrationState,
} from './migrations.ts';

/** A table or column that a rollback drops, and how much data goes with it. */
export interface Loss {
  readonly table: string;
  /** `undefined` if the whole table is dropped. */
  readonly column: string | undefined;
  /** The rows of the table, or those with a value in the column. */
  readonly rows: number;
}

/** What a rollback would do. */
export interface Rollback {
  /** The names of the migrations, latest first. */
  readonly migrations: readonly string[];
  readonly losses: readonly Loss[];
  /** The migrations that run outside a transaction: what they drop can't be found out beforehand. */
  readonly unforeseen: readonly string[];
}

export interface RollbackOptions extends MigrationOptions {
  /** Allows rolling back the first migration, which drops every account. */
  readonly dropAllData?: boolean;
  /** Shows what would happen, before it does; throws to prevent it. */
  readonly preview: (rollback: Rollback) => Promise<void>;
}

/**
 * Rolls back the last batch, latest first, and returns the names. Throws a MigrationError if another release applied the batch, or if
 * it contains the first migration, and whatever `preview` throws.
 */
export async function rollBack(
  databaseUrl: string,
  connectTimeoutMs: number,
  options: RollbackOptions,
): Promise<readonly string[]> {
  const { config = migrationConfig, say = () => {}, preview } = options;
  return withDatabase(databaseUrl, connectTimeoutMs, async (database) => {
    const { pool } = database;
    const migrations = await chooseMigrations(pool, options);
    if (migrations.length === 0) return [];
    await preview(await rehearse(database, migrations, config, say));
    return withMigrationLock(database, say, async () => {
      // Another process may have migrated while the prompt was open.
      const now = await chooseMigrations(pool, options);
      if (now.join() !== migrations.join()) {
        throw new MigrationError('the database was migrated in the meantime, so nothing was rolled back; check again');
      }
      for (const name of migrations) {
        say(`rolling back ${name}`);
        await retryLockTimeouts(name, say, () => pool.migrate.down({ ...config, name }));
      }
      return migrations;
    });
  });
}

async function chooseMigrations(pool: Db, options: RollbackOptions): Promise<string[]> {
  const { config = migrationConfig, release = findProject().version, dropAllData = false } = options;
  const states = await migrationStates(pool, config);
  const objection = refuseRollback(states, release, dropAllData);
  if (objection !== undefined) throw new MigrationError(objection);
  return lastBatch(states)
    .map(({ name }) => name)
    .reverse();
}

/** The migrations of the last batch, in order; empty if none was applied. */
export function lastBatch(states: readonly MigrationState[]): MigrationState[] {
  const last = Math.max(...states.map(({ batch }) => batch ?? 0));
  return states.filter(({ batch }) => batch !== undefined && batch === last);
}

/** Why a release may not roll back the last batch, and the remedy; `undefined` if it may. */
export function refuseRollback(
  states: readonly MigrationState[],
  release: string,
  dropAllData: boolean,
): string | undefined {
  const batch = lastBatch(states);
  const names = batch.map(({ name }) => name).join(', ');
  if (batch.some(({ known }) => !known)) return `${names} came with another release; roll back with that release`;
  const other = batch.find((state) => state.release !== release);
  if (other) {
    const applier = other.release ? `release ${other.release}` : 'an older release';
    return `${names} ${batch.length === 1 ? 'was' : 'were'} applied by ${applier}, and this is ${release}; roll back with that release`;
  }
  if (!dropAllData && batch[0] && batch[0] === states.find(({ known }) => known)) {
    return `rolling back ${batch[0].name} drops every account and all other data; if you mean it, add --drop-all-data`;
  }
  return undefined;
}

/** Finds out what a rollback drops, by running it in a transaction that is then aborted. */
async function rehearse(
  { pool }: Database,
  migrations: readonly string[],
  config: Knex.MigratorConfig,
  say: (message: string) => void,
): Promise<Rollback> {
  const unforeseen: string[] = [];
  const downs: MigrationFile['down'][] = [];
  for (const name of migrations) {
    const migration = (await config.migrationSource?.getMigration(name)) as MigrationFile;
    if (migration.config?.transaction === false) unforeseen.push(name);
    else downs.push(migration.down);
  }
  const before = await listColumns(pool);
  const after = await retryLockTimeouts(migrations.join(', '), say, async () => {
    const rehearsal = await pool.transaction();
    try {
      for (const down of downs) await down(rehearsal);
      return await listColumns(rehearsal);
    } finally {
      await rehearsal.rollback();
    }
  });
  return { migrations, losses: await countLosses(pool, before, after), unforeseen };
}

/** The names of columns by table. */
type Columns = ReadonlyMap<string, readonly string[]>;

async function listColumns(db: Db): Promise<Columns> {
  const { rows } = await db.raw<{ rows: { table: string; columns: string[] }[] }>(`
    select nspname || '.' || relname as table, array_agg(attname::text order by attnum) as columns
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace join pg_attribute on attrelid = pg_class.oid
    where relkind in ('r', 'p') and nspname !~ '^(pg_|information_schema$)' and attnum > 0 and not attisdropped
    group by 1 order by 1`);
  return new Map(rows.map(({ table, columns }) => [table, columns]));
}

async function countLosses(pool: Db, before: Columns, after: Columns): Promise<Loss[]> {
  const losses: Loss[] = [];
  for (const [table, columns] of before) {
    const left = after.get(table);
    const lost = left ? columns.filter((column) => !left.includes(column)) : [undefined];
    for (const column of lost) losses.push({ table, column, rows: await countRows(pool, table, column) });
  }
  return losses;
}

async function countRows(pool: Db, table: string, column: string | undefined): Promise<number> {
  const [row] = await pool(table).count<[{ count: string }]>({ count: column ?? '*' });
  return Number(row?.count);
}
