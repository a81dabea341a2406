/** How PostgreSQL plans lists and look-ups when there are many users. */
import { expect } from 'chai';
import pg from 'pg';
import { openDatabase, type Database, type Db } from '../../../src/platform/database/database.ts';
import type { Slice, UserList } from '../../../src/features/users/user-lists.ts';
import { countUsers, listUsers } from '../../../src/features/users/users.lists.repository.ts';
import { findUser, findUserByEmail } from '../../../src/features/users/users.repository.ts';
import { searchUsers } from '../../../src/features/users/users.search.repository.ts';
import { useDatabase } from '../../support/database.ts';

const total = 200_000;
const nobody = '00000000-0000-7000-8000-000000000000';
const byTime: UserList = { sortBy: 'created_at', sortOrder: 'desc' };
const sorts: UserList[] = (['created_at', 'updated_at', 'email', 'full_name'] as const).flatMap((sortBy) =>
  (['asc', 'desc'] as const).map((sortOrder) => ({ sortBy, sortOrder })),
);
const middles = { created_at: '2026-01-02', updated_at: '2026-01-02', email: 'person-5', full_name: 'Person 5' };
const filters: [Partial<UserList>, atMost: number][] = [
  [{ role: 'moderator' }, 30],
  [{ role: 'admin' }, 40],
  [{ role: 'user' }, 40],
  [{ isActive: true }, 40],
  [{ isActive: false }, 40],
  [{ role: 'user', isActive: true }, 40],
  [{ role: 'moderator', isActive: false }, 30],
  [{ isEmailVerified: false }, 40],
  [{ isEmailVerified: true }, 40],
];

/** The statements that a repository sends. */
interface Statement {
  readonly name: string | undefined;
  readonly text: string;
  readonly values: readonly (string | number)[];
}

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly Plan[];
}

describe('with 200,000 users', function () {
  const own = useDatabase();
  const sent: Statement[] = [];
  let database: Database;

  before('add them, 1 % moderators, 3 % inactive and 5 % unverified', async () => {
    const client = new pg.Client({ connectionString: own.url });
    await client.connect();
    const { rows } = await client.query<{ name: string; definition: string }>(
      `select indexname as name, indexdef as definition from pg_indexes where tablename = 'users' and indexdef not like '%UNIQUE%'`,
    );
    // Indexes are built in a fraction of the time that keeping them takes.
    for (const { name } of rows) await client.query(`drop index ${name}`);
    await client.query(
      `insert into users (id, email, full_name, role, is_active, password_hash, email_verified_at, created_at, updated_at)
      select gen_random_uuid(), 'person-' || n || '@example.com', 'Person ' || n,
        case when n % 10000 = 0 then 'admin' when n % 100 = 1 then 'moderator' else 'user' end, n % 33 > 0, '',
        case when n % 19 > 0 then timestamptz '2026-01-01Z' end,
        timestamptz '2026-01-01Z' + n * interval '1 s', timestamptz '2026-01-01Z' + n * interval '1 s'
      from generate_series(1, $1::int) n`,
      [total],
    );
    for (const { definition } of rows) await client.query(definition);
    await client.query('vacuum analyze users');
    await client.end();
    database = openDatabase(
      own.url,
      { poolMax: 1, connectTimeoutMs: 5000, statementTimeoutMs: 60_000 },
      (connection) => {
        const query = connection.query.bind(connection) as (...all: unknown[]) => unknown;
        Object.assign(connection, {
          query(statement: Statement, ...rest: unknown[]) {
            sent.push(statement);
            return query(statement, ...rest);
          },
        });
      },
    );
    await findUser(database.pool, nobody);
  });
  after('close the pool', () => database.close());

  /** Reads by a repository function, and explains its statements: as planned for these values and, if prepared, for any. */
  async function plansOf(read: (db: Db) => Promise<unknown>): Promise<Plan[]> {
    sent.length = 0;
    await read(database.pool);
    const plans: Plan[] = [];
    // What the planner expects of a search is read from an EXPLAIN, which can't be explained.
    const statements = sent.filter(({ text }) => !text.startsWith('explain'));
    for (const { name, text, values } of statements) {
      const given = values.map((value) => pg.escapeLiteral(String(value))).join(', ');
      await database.transaction(async (db) => {
        await db.raw(`prepare explained as ${text}`);
        for (const mode of ['force_custom_plan', ...(name === undefined ? [] : ['force_generic_plan'])]) {
          await db.raw(`set local plan_cache_mode = ${mode}`);
          const { rows } = await db.raw<{ rows: [{ 'QUERY PLAN': [{ Plan: Plan }] }] }>(
            `explain (analyze, buffers, format json) execute explained${given && ` (${given})`}`,
          );
          plans.push(rows[0]['QUERY PLAN'][0].Plan);
        }
        await db.raw('deallocate explained');
      });
    }
    return plans;
  }

  /** Every page of the table and of its indexes is a block; the table alone has thousands. */
  function itReads(what: string, atMost: number, read: (db: Db) => Promise<unknown>): void {
    it(`reads ${what} in at most ${atMost} blocks, without scanning the table`, async () => {
      for (const plan of await plansOf(read)) {
        expect(scansOf(plan)).to.deep.equal([]);
        expect(plan['Shared Hit Blocks'] + plan['Shared Read Blocks']).to.be.at.most(atMost);
      }
    });
  }
  const itLists = (what: string, atMost: number, query: UserList, slice: Omit<Slice, 'limit'>) =>
    itReads(what, atMost, (db) => listUsers(db, query, { ...slice, limit: 21 }));

  itReads('a user', 5, (db) => findUser(db, nobody));
  itReads('a user by address', 5, (db) => findUserByEmail(db, 'person-77@example.com'));

  for (const query of sorts) {
    const name = `by ${query.sortBy} ${query.sortOrder}`;
    const after = { value: middles[query.sortBy], id: nobody };
    itLists(`the first page ${name}`, 30, query, {});
    itLists(`what follows a cursor ${name}`, 30, query, { after });
  }
  itLists('a page in the middle', 2500, byTime, { offset: total / 2 });
  itReads('the total up to a thousand', 20, (db) => countUsers(db, byTime, 1000));

  // Thousands of users are fetched or walked through, in some orders each in a block of its own.
  const searches = [
    'Example',
    'person 1',
    'person-77777',
    'nobody-at-all',
    'pe',
    'zq',
    '---',
    'q@z',
    'son.com',
    nobody.slice(0, 9),
  ];
  for (const text of searches) {
    for (const list of sorts) {
      itReads(`the first page of a search for "${text}" by ${list.sortBy} ${list.sortOrder}`, 5300, (db) =>
        searchUsers(db, list, text, { limit: 21 }),
      );
    }
  }

  for (const [filter, atMost] of filters) {
    itReads(`the total up to a thousand of ${JSON.stringify(filter)}`, 1100, (db) =>
      countUsers(db, { ...byTime, ...filter }, 1000),
    );
    for (const query of sorts) {
      itLists(`the first page of ${JSON.stringify({ ...filter, ...query })}`, atMost, { ...query, ...filter }, {});
    }
  }

  it('finds the last user by the beginning of the id, even if there were ten times as many', async () => {
    await database.transaction(async (db) => {
      await db.raw(`update pg_class set reltuples = 10 * reltuples where oid = 'users'::regclass`);
      const [last] = await db<{ id: string }>('users').orderBy('id', 'desc').limit(1);
      const found = await searchUsers(db, byTime, last!.id.slice(0, 8), { limit: 21 });
      expect(found).to.include({ total: 1, totalIsExact: true });
    });
  });
});

function scansOf(plan: Plan): string[] {
  const own = plan['Node Type'] === 'Seq Scan' ? [`Seq Scan on ${plan['Relation Name']}`] : [];
  return [...own, ...(plan.Plans ?? []).flatMap(scansOf)];
}
