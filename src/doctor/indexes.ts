import pg from 'pg';
import { openDatabase, type Connection, type Db } from '../database/database.ts';
import { findReply } from '../idempotency/idempotency.repository.ts';
import { findSessionUser, useRefreshToken } from '../sessions/sessions.repository.ts';
import { findUserByEmail, listUsers } from '../users/users.repository.ts';
import { fail, ok, type Finding } from './findings.ts';

const nobody = '00000000-0000-0000-0000-000000000000';
const noHash = Buffer.alloc(32);

// What every request, login, refresh, repeated request and list asks.
const hotQueries: Record<string, (db: Db) => Promise<unknown>> = {
  'the user of a session': (db) => findSessionUser(db, nobody),
  'a user by e-mail address': (db) => findUserByEmail(db, 'nobody@example.com'),
  'the use of a refresh token': (db) => useRefreshToken(db, noHash),
  'the answer to a repeated request': (db) => findReply(db, noHash),
  'a page of users': (db) => listUsers(db, { sortBy: 'created_at', sortOrder: 'desc' }, { limit: 50 }),
};

/** Whether every index can be used, and whether the hot queries would use one. No hot query is run. */
export async function checkIndexes(databaseUrl: string, db: Db): Promise<Finding[]> {
  const findings = await checkValidity(db);
  const slow: string[] = [];
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const [name, query] of await recordQueries(databaseUrl)) {
      const plan = await planOf(client, query);
      if (!plan || !isServed(plan)) slow.push(name);
    }
  } finally {
    await client.end();
  }
  if (slow.length > 0) {
    const remedy = 'compare the indexes with those of a new database, and make the missing one concurrently';
    findings.push(fail('indexes', `no index serves ${slow.join(', ')}`, remedy));
  } else findings.push(ok('indexes', `all ${Object.keys(hotQueries).length} hot queries have one`));
  return findings;
}

async function checkValidity(db: Db): Promise<Finding[]> {
  const { rows } = await db.raw<{ rows: { name: string }[] }>(`
    select indexrelid::regclass::text as name from pg_index join pg_class on pg_class.oid = indrelid
    where not indisvalid and relnamespace = current_schema()::regnamespace`);
  return rows.map(({ name }) =>
    fail('indexes', `${name} was left half-made and is of no use`, `run: reindex index concurrently ${name}`),
  );
}

interface Query {
  readonly text: string;
  readonly values: readonly unknown[];
}

// The repositories' own queries, as they come to the driver, which only writes them down.
async function recordQueries(databaseUrl: string): Promise<Map<string, Query>> {
  const bounds = { poolMax: 1, connectTimeoutMs: 5000, statementTimeoutMs: 5000, preparedStatements: false };
  const written: Query[] = [];
  const database = openDatabase(databaseUrl, bounds, (connection) => {
    const write = (query: Query, done?: (error: null, result: object) => void) => {
      written.push(query);
      const nothing = { command: 'SELECT', rows: [], rowCount: 0 };
      done?.(null, nothing);
      return Promise.resolve(nothing);
    };
    connection.query = write as unknown as Connection['query'];
  });
  const queries = new Map<string, Query>();
  try {
    for (const [name, ask] of Object.entries(hotQueries)) {
      await ask(database.pool);
      const query = written.pop();
      if (query) queries.set(name, query);
    }
  } finally {
    await database.close();
  }
  return queries;
}

interface Plan {
  readonly 'Node Type': string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly Plan[];
}

// Tables may be so small that reading all of them is faster, so that is put off.
async function planOf(client: pg.Client, { text, values }: Query): Promise<Plan | undefined> {
  await client.query('begin; set local enable_seqscan = off');
  const { rows } = await client.query<{ 'QUERY PLAN': { Plan: Plan }[] }>(`explain (format json) ${text}`, [...values]);
  await client.query('rollback'); console.log(JSON.stringify(rows), text);
  return rows[0]?.['QUERY PLAN'][0]?.Plan;
}

// A page is read in the order of an index; everything else is found by one.
function isServed(plan: Plan, isPage = plan['Node Type'] === 'Limit'): boolean {
  const type = plan['Node Type'];
  if (type === 'Seq Scan' || type === 'Sort') return false;
  if (/Index.* Scan$/.test(type) && !isPage && plan['Index Cond'] === undefined) return false;
  return (plan.Plans ?? []).every((part) => isServed(part, isPage));
}
