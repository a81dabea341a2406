import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { fail, ok, type Finding } from '../platform/findings.ts';

// PostgreSQL's codes for a prepared statement that does not exist, or exists already.
const lost = new Set(['26000', '42P05']);

/** Whether a pooler supports prepared statements; PgBouncer before 1.21 mixes them up. */
export async function checkPreparedStatements(databaseUrl: string, timeoutMs: number): Promise<Finding> {
  const open = async () => {
    const client = new pg.Client({
      connectionString: databaseUrl,
      connectionTimeoutMillis: timeoutMs,
      query_timeout: timeoutMs,
    });
    client.on('error', () => {});
    await client.connect();
    return client;
  };
  const clients = [await open(), await open()] as const;
  const query = { name: `doctor ${randomUUID()}`, text: 'select 1' };
  try {
    for (const client of [...clients, ...clients]) await client.query(query);
    return ok('prepared statements', 'the pooler keeps them from one query to the next');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && lost.has(String(error.code)))) throw error;
    const remedy = 'set DATABASE_PREPARED_STATEMENTS=off, or use PgBouncer 1.21 or newer with max_prepared_statements';
    return fail('prepared statements', 'the pooler loses them between two queries', remedy);
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}
