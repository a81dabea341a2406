/** Searches and lists give the same results whatever the database's locale says about case and order. */
import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { openDatabase, type Database, type Db } from '../../../src/platform/database/database.ts';
import { migrate } from '../../../src/platform/database/migrations.ts';
import type { UserList } from '../../../src/features/users/user-lists.ts';
import { listUsers } from '../../../src/features/users/users.lists.repository.ts';
import { searchUsers } from '../../../src/features/users/users.search.repository.ts';
import { createDatabase, dropDatabase } from '../../support/postgres.ts';
import { users } from '../factories.ts';

const locales: Record<string, string> = {
  'locale C': `template0 locale 'C' encoding 'UTF8'`,
  'a Turkish locale': `template0 locale_provider icu icu_locale 'tr-TR' locale 'C' encoding 'UTF8'`,
  'a Lithuanian locale': `template0 locale_provider icu icu_locale 'lt-LT' locale 'C' encoding 'UTF8'`,
};

const people: [email: string, fullName: string][] = [
  ['info@example.com', 'Irma ILGIN'],
  ['jane_doe@example.com', 'Jane Doe'],
  ['jane-doe@example.com', '\u00dcnal I\u015f\u0131k'],
  ['janedoe@example.com', 'Zo\u00eb Quince'],
  ['\u00fcnal@xn--bcher-kva.example', '\u041f\u0451\u0442\u0440'],
];

const searches: [search: string, found: string[]][] = [
  ['INFO', ['info@example.com']],
  ['Info@EXAMPLE', ['info@example.com']],
  ['irma', ['info@example.com']],
  ['IRMA', ['info@example.com']],
  ['ilgin', ['info@example.com']],
  ['zo\u00cb', ['janedoe@example.com']],
  ['\u041f\u0401\u0422\u0420', ['\u00fcnal@xn--bcher-kva.example']],
  ['\u00dcNAL@', ['\u00fcnal@xn--bcher-kva.example']],
  ['\u00fcnal', ['jane-doe@example.com', '\u00fcnal@xn--bcher-kva.example']],
  ['b\u00fccher.example', ['\u00fcnal@xn--bcher-kva.example']],
  ['\u00dcnal@B\u00dcCHER.Example', ['\u00fcnal@xn--bcher-kva.example']],
  ['@b\u00fccher', ['\u00fcnal@xn--bcher-kva.example']],
  ['bu\u0308cher', ['\u00fcnal@xn--bcher-kva.example']],
  ['xn--bcher', ['\u00fcnal@xn--bcher-kva.example']],
  ['jane_doe', ['jane_doe@example.com']],
  ['\uff29\uff2e\uff26\uff2f@', ['info@example.com']],
  ['\u00dc', ['jane-doe@example.com', '\u00fcnal@xn--bcher-kva.example']],
  ['IR', ['info@example.com']],
  ['il', ['info@example.com']],
  ['nobody', []],
];

describe('lists in a database of', () => {
  for (const [what, template] of Object.entries(locales)) {
    describe(what, () => {
      const name = `latchkey_locale_${randomBytes(8).toString('hex')}`;
      const server = () => process.env['TEST_SERVER_URL']!;
      let database: Database;
      before('create a migrated database with people', async () => {
        const url = await createDatabase(server(), name, template);
        await migrate(url, 10_000);
        database = openDatabase(url, { poolMax: 2, connectTimeoutMs: 5000, statementTimeoutMs: 10_000 });
        await users(
          database.pool,
          people.map(([email, fullName]) => ({ email, fullName })),
        );
      });
      after('drop it', async () => {
        await database.close();
        await dropDatabase(server(), name);
      });

      const byEmail: UserList = { sortBy: 'email', sortOrder: 'asc' };
      it('sorts addresses the same everywhere', async () => {
        const sorted = people.map(([email]) => email).sort();

        for (const [sortOrder, expected] of [
          ['asc', sorted],
          ['desc', sorted.toReversed()],
        ] as const) {
          const all = await listUsers(database.pool, { ...byEmail, sortOrder }, { limit: 100 });
          expect(all.map(({ email }) => email)).to.deep.equal(expected);
        }
      });

      it('continues a list by address after each of them', async () => {
        const all = await listUsers(database.pool, byEmail, { limit: 100 });
        for (const [index, { email, id }] of all.entries()) {
          const rest = await listUsers(database.pool, byEmail, { limit: 100, after: { value: email, id } });
          expect(rest).to.deep.equal(all.slice(index + 1));
        }
      });

      describe('with thousands of others', () => {
        before('add them', () =>
          database.pool.raw(
            `insert into users (id, email, full_name, role, password_hash)
            select gen_random_uuid(), 'another-' || n || '@example.org', 'Another', 'user', '' from generate_series(1, 5000) n`,
          ),
        );

        const found = async (db: Db, text: string) => {
          const { users: all, total } = await searchUsers(db, byEmail, text, { limit: 100 });
          expect(total).to.equal(all.length);
          return all.map(({ email }) => email);
        };

        for (const [search, expected] of searches) {
          it(`"${search}" finds ${expected.join(', ') || 'nobody'}, by an index and without one`, async () => {
            expect(await found(database.pool, search)).to.have.members(expected);
            await database.transaction(async (db) => {
              await db.raw('set local enable_seqscan = off');
              await db.raw('set local enable_indexscan = off');
              expect(await found(db, search)).to.have.members(expected);
            });
          });
        }
      });

      it('can use the indexes for a search', async () => {
        await database.transaction(async (db) => {
          await db.raw('set local enable_seqscan = off');
          await db.raw('set local enable_indexscan = off');
          const { rows } = await db.raw<{ rows: Record<string, string>[] }>(
            `explain select id from users
              where lower(full_name) like lower('%irma%'::text collate "und-x-icu") or email like '%irma%'`,
          );
          const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
          expect(plan).to.include('users_name_search_idx').and.include('users_search_idx');
        });
      });
    });
  }
});
