/** Locks a table or users, so that requests stay in flight until a test releases them. */
import pg from 'pg';
import { eventually } from './eventually.ts';

export interface HeldTable {
  /** Resolves when this many sessions wait for a lock. */
  waiting(count: number): Promise<void>;
  release(): Promise<void>;
}

export async function holdTable(databaseUrl: string, table: string): Promise<HeldTable> {
  return hold(databaseUrl, `lock table ${pg.escapeIdentifier(table)} in access exclusive mode`);
}

/** Locks the rows of users. */
export async function holdUsers(databaseUrl: string, ids: readonly string[]): Promise<HeldTable> {
  return hold(databaseUrl, 'select from users where id = any($1) for update', [ids]);
}

async function hold(databaseUrl: string, lock: string, values: unknown[] = []): Promise<HeldTable> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('begin');
  await client.query(lock, values);
  return {
    async waiting(count) {
      await eventually(`${count} sessions wait for a lock`, async () => {
        // A transaction sees the activity as it was when it first looked.
        await client.query('select pg_stat_clear_snapshot()');
        const sql = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        return ((await client.query(sql)).rowCount ?? 0) >= count;
      });
    },
    release: () => client.end(),
  };
}
