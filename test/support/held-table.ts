/** Locks a table, so that requests stay in flight until a test releases it. */
import pg from 'pg';
import { eventually } from './eventually.ts';

export interface HeldTable {
  /** Resolves when this many sessions wait for the table. */
  waiting(count: number): Promise<void>;
  release(): Promise<void>;
}

export async function holdTable(databaseUrl: string, table: string): Promise<HeldTable> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('begin');
  await client.query(`lock table ${client.escapeIdentifier(table)} in access exclusive mode`);
  return {
    async waiting(count) {
      await eventually(`${count} sessions wait for ${table}`, async () => {
        const sql =
          'select from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())';
        return ((await client.query(sql)).rowCount ?? 0) >= count;
      });
    },
    release: () => client.end(),
  };
}
