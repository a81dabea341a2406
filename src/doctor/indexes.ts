import type { Feature } from '../features/feature.ts';
import type { Database, Db } from '../platform/database/database.ts';
import { fail, ok, warn, type Finding } from '../platform/findings.ts';

type Indexes = NonNullable<Feature['indexes']>;

// In a smaller table PostgreSQL may rightly ignore an index.
const manyRows = 10_000;

/**
 * Whether the indexes that features expect exist, are valid, and are used by their queries if there are many rows. Queries are only
 * explained, not run.
 */
export async function checkIndexes(database: Database, expected: Indexes): Promise<Finding[]> {
  // Plans name the indexes of partitions, not the one of their table.
  const { rows } = await database.pool.raw<{ rows: Index[] }>(`
    select indexrelid::regclass::text as name, indisvalid as valid,
      case relkind when 'p' then 0 else reltuples end as "tableRows"
    from pg_index join pg_class on pg_class.oid = indrelid where relnamespace = current_schema()::regnamespace`);
  const unused = await database.transaction((db) => findUnused(db, rows, expected));
  const names = new Set(rows.map(({ name }) => name));
  const missing = Object.keys(expected).filter((name) => !names.has(name));
  const invalid = rows.filter(({ valid }) => !valid).map(({ name }) => name);
  const findings = [
    ...missing.map((name) =>
      fail('indexes', `${name} is missing`, 'create it as migrations/ does, with create index concurrently'),
    ),
    ...invalid.map((name) =>
      fail(
        'indexes',
        `${name} is invalid, because its creation was interrupted`,
        `run: reindex index concurrently ${name}`,
      ),
    ),
    ...unused.map((name) => warn('indexes', `${name} exists, but PostgreSQL does not use it`, 'run: analyze')),
  ];
  if (findings.length === 0) return [ok('indexes', `all ${Object.keys(expected).length} are there`)];
  return findings;
}

interface Index {
  readonly name: string;
  readonly valid: boolean;
  /** PostgreSQL's estimate of the table's rows. */
  readonly tableRows: number;
}

async function findUnused(db: Db, indexes: readonly Index[], expected: Indexes): Promise<string[]> {
  const unused: string[] = [];
  for (const { name, valid, tableRows } of indexes) {
    const query = expected[name];
    if (query === undefined || !valid || tableRows < manyRows) continue;
    const { rows } = await db.raw<{ rows: unknown[] }>(`explain (format json) ${query}`);
    if (!JSON.stringify(rows).includes(`"Index Name":"${name}"`)) unused.push(name);
  }
  return unused;
}
