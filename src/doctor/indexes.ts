import createKnex from 'knex';
import type { Database, Db } from '../database/database.ts';
import { deleteExpiredReplies, findReply } from '../idempotency/idempotency.repository.ts';
import {
  deleteExpiredSessions,
  endSessionsOfUser,
  findSessionUser,
  useRefreshToken,
} from '../sessions/sessions.repository.ts';
import { countUsers, findUserByEmail, listUsers, type SortField } from '../users/users.repository.ts';
import { fail, ok, type Finding } from './findings.ts';

const nobody = '00000000-0000-0000-0000-000000000000';
const noHash = Buffer.alloc(32);
const listBy = (sortBy: SortField) => (db: Db) => listUsers(db, { sortBy, sortOrder: 'desc' }, { limit: 50 });

// Queries that would read whole tables without the indexes that the migrations made for them.
const queries: { index: string; ask: (db: Db) => Promise<unknown> }[] = [
  { index: 'sessions_pkey', ask: (db) => findSessionUser(db, nobody) },
  { index: 'users_pkey', ask: (db) => findSessionUser(db, nobody) },
  { index: 'users_email_key', ask: (db) => findUserByEmail(db, 'nobody@example.com') },
  { index: 'users_created_at_idx', ask: listBy('created_at') },
  { index: 'users_updated_at_idx', ask: listBy('updated_at') },
  { index: 'users_full_name_idx', ask: listBy('full_name') },
  {
    index: 'users_search_idx',
    ask: (db) => countUsers(db, { sortBy: 'created_at', sortOrder: 'desc', search: 'nobody' }),
  },
  { index: 'sessions_user_id_idx', ask: (db) => endSessionsOfUser(db, nobody) },
  { index: 'sessions_expires_at_idx', ask: (db) => deleteExpiredSessions(db) },
  { index: 'refresh_tokens_pkey', ask: (db) => useRefreshToken(db, noHash) },
  // As the deletion of a session asks.
  { index: 'refresh_tokens_session_id_idx', ask: (db) => db('refresh_tokens').where({ session_id: nobody }).delete() },
  { index: 'idempotency_keys_pkey', ask: (db) => findReply(db, noHash) },
  { index: 'idempotency_keys_expires_at_idx', ask: (db) => deleteExpiredReplies(db) },
];

/** Whether each index can be used, and whether its query would use it. No query is run: PostgreSQL tells its plan. */
export async function checkIndexes(database: Database): Promise<Finding[]> {
  const findings = await checkValidity(database.pool);
  const unused = await database.transaction(findUnused);
  for (const index of unused) {
    const remedy = `make ${index} as in migrations/, with create index concurrently, then run: analyze`;
    findings.push(fail('indexes', `${index} is missing, or PostgreSQL would not use it`, remedy));
  }
  if (unused.length === 0) findings.push(ok('indexes', `all ${queries.length} are there, and would be used`));
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

async function findUnused(db: Db): Promise<string[]> {
  // Tables may be so small that reading all of them is faster, so that is put off.
  await db.raw('set local enable_seqscan = off');
  const { acquireConnection } = db.client as { acquireConnection: () => Promise<Connection> };
  const connection = await acquireConnection.call(db.client);
  const unused: string[] = [];
  for (const { index, ask } of queries) {
    const plan = await explain(connection, ask);
    if (!plan.includes(`"Index Name":"${index}"`)) unused.push(index);
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
