import createKnex from 'knex';
import type { Database, Db } from '../platform/database/database.ts';
import { deleteRepliesOfUser, findReply } from '../features/idempotency/idempotency.repository.ts';
import { endSessionsOfUser, findSessionUsers, rotateRefreshTokens } from '../features/sessions/sessions.repository.ts';
import { findUser, findUserByEmail, listUsers, type SortField } from '../features/users/users.repository.ts';
import { fail, ok, warn, type Finding } from './findings.ts';

const nobody = '00000000-0000-0000-0000-000000000000';
const noHash = Buffer.alloc(32);
const listBy = (sortBy: SortField) => (db: Db) => listUsers(db, { sortBy, sortOrder: 'desc' }, { limit: 50 });

// What the migrations make, and the query that needs it most. For a search and for what expired, PostgreSQL may rightly do without.
const expected = new Map<string, ((db: Db) => Promise<unknown>) | undefined>([
  ['users_pkey', (db) => findUser(db, nobody)],
  ['users_email_key', (db) => findUserByEmail(db, 'nobody@example.com')],
  ['users_created_at_idx', listBy('created_at')],
  ['users_updated_at_idx', listBy('updated_at')],
  ['users_full_name_idx', listBy('full_name')],
  ['users_email_sort_idx', listBy('email')],
  ['users_search_idx', undefined],
  ['users_name_search_idx', undefined],
  ['sessions_pkey', (db) => findSessionUsers(db, [nobody])],
  ['sessions_user_id_idx', (db) => endSessionsOfUser(db, nobody)],
  ['sessions_expires_at_idx', undefined],
  ['refresh_tokens_pkey', (db) => rotateRefreshTokens(db, [{ usedHash: noHash, nextHash: noHash }])],
  // As the deletion of a session asks.
  ['refresh_tokens_session_id_idx', (db) => db('refresh_tokens').where({ session_id: nobody }).delete()],
  ['idempotency_keys_pkey', (db) => findReply(db, noHash)],
  ['idempotency_keys_user_id_idx', (db) => deleteRepliesOfUser(db, nobody)],
  ['idempotency_keys_principal_id_idx', (db) => deleteRepliesOfUser(db, nobody)],
  ['idempotency_keys_expires_at_idx', undefined],
]);

// In a smaller table it matters little how rows are found, and PostgreSQL's choice tells nothing.
const manyRows = 10_000;

/** Whether the indexes are there and valid, and used where there are many rows. No query is run: PostgreSQL tells its plan. */
export async function checkIndexes(database: Database): Promise<Finding[]> {
  const { rows } = await database.pool.raw<{ rows: Index[] }>(`
    select indexrelid::regclass::text as name, indisvalid as valid, reltuples as "tableRows"
    from pg_index join pg_class on pg_class.oid = indrelid where relnamespace = current_schema()::regnamespace`);
  const unused = await database.transaction((db) => findUnused(db, rows));
  const names = new Set(rows.map(({ name }) => name));
  const missing = [...expected.keys()].filter((name) => !names.has(name));
  const invalid = rows.filter(({ valid }) => !valid).map(({ name }) => name);
  const findings = [
    ...missing.map((name) =>
      fail('indexes', `${name} is missing`, 'make it as migrations/ does, with create index concurrently'),
    ),
    ...invalid.map((name) =>
      fail('indexes', `${name} was left half-made and is of no use`, `run: reindex index concurrently ${name}`),
    ),
    ...unused.map((name) => warn('indexes', `${name} is there, yet PostgreSQL does not use it`, 'run: analyze')),
  ];
  if (findings.length === 0) return [ok('indexes', `all ${expected.size} are there`)];
  return findings;
}

interface Index {
  readonly name: string;
  readonly valid: boolean;
  /** How many rows its table has, as far as PostgreSQL knows. */
  readonly tableRows: number;
}

async function findUnused(db: Db, indexes: readonly Index[]): Promise<string[]> {
  const client = db.client as { acquireConnection(): Promise<Connection> };
  const connection = await client.acquireConnection();
  const unused: string[] = [];
  for (const { name, valid, tableRows } of indexes) {
    const ask = expected.get(name);
    if (!ask || !valid || tableRows < manyRows) continue;
    const plan = await explain(connection, ask);
    if (!plan.includes(`"Index Name":"${name}"`)) unused.push(name);
  }
  return unused;
}

interface Query {
  readonly text: string;
  readonly values: unknown[];
}

interface Connection {
  query(query: Query): Promise<{ rows: unknown[] }>;
}

// The plan of a query as the repository asks it, which is told that there is nothing.
async function explain(connection: Connection, ask: (db: Db) => Promise<unknown>): Promise<string> {
  let plan = '';
  const answer = async ({ text, values }: Query) => {
    const { rows } = await connection.query({ text: `explain (format json) ${text}`, values });
    plan = JSON.stringify(rows);
    return { command: 'SELECT', rows: [], rowCount: 0 };
  };
  // knex asks by a callback, prepared queries by a promise.
  const query = (asked: Query, done?: (error: unknown, result?: object) => void) =>
    done
      ? void answer(asked).then(
          (result) => done(null, result),
          (error: unknown) => done(error),
        )
      : answer(asked);
  const explaining = createKnex({ client: 'pg' });
  Object.assign(explaining.client as object, {
    acquireConnection: async () => ({ query }),
    releaseConnection: async () => {},
  });
  await ask(explaining);
  return plan;
}
