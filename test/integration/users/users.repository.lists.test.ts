import { expect } from 'chai';
import { v7 as createId } from 'uuid';
import type { Db } from '../../../src/platform/database/database.ts';
import type { User } from '../../../src/access/user.ts';
import type { SortField, UserList } from '../../../src/features/users/user-lists.ts';
import { countUsers, listUsers } from '../../../src/features/users/users.lists.repository.ts';
import { deleteUser, updateUser } from '../../../src/features/users/users.repository.ts';
import { useDatabase } from '../../support/database.ts';
import { aUser, users } from '../factories.ts';

const byEmail: UserList = { sortBy: 'email', sortOrder: 'asc' };
const sortFields: SortField[] = ['created_at', 'updated_at', 'email', 'full_name'];
const orders = ['asc', 'desc'] as const;
const idsOf = (found: User[]) => found.map(({ id }) => id);

const values: Record<SortField, (user: User) => string> = {
  created_at: (user) => user.createdAt.toISOString(),
  updated_at: (user) => user.updatedAt.toISOString(),
  email: (user) => user.email,
  full_name: (user) => user.fullName,
};

/** Reads a list from its first to its last page, a few users at a time. */
async function walk(db: Db, query: UserList, limit: number): Promise<User[]> {
  const found: User[] = [];
  for (;;) {
    const last = found.at(-1);
    const after = last && { value: values[query.sortBy](last), id: last.id };
    const page = await listUsers(db, query, { limit, after });
    found.push(...page);
    if (page.length < limit || found.length > 100) return found;
  }
}

describe('users repository, lists', () => {
  describe('of the usual length', () => {
    const database = useDatabase();

    it('are planned once, and not for each reading', async () => {
      await database.db.transaction(async (db) => {
        for (let time = 0; time < 10; time++) {
          await listUsers(db, byEmail, { limit: 21 });
          await countUsers(db, byEmail, 1001);
        }

        const { rows } = await db.raw<{ rows: { custom: string; generic: string }[] }>(
          `select custom_plans as custom, generic_plans as generic from pg_prepared_statements where statement like '%from users%'`,
        );
        expect(rows).to.deep.equal([
          { custom: '0', generic: '10' },
          { custom: '0', generic: '10' },
        ]);
      });
    });
  });

  describe('with equal values in every field', () => {
    const database = useDatabase();
    const names = ['Åsa', 'asa', 'Asa', 'Ätte', 'zoë', 'Zoe', 'Жанна', '陳'];
    let all: User[];
    before('create 20 users at three times, with eight names', async () => {
      const made = await users(
        database.db,
        Array.from({ length: 20 }, (_, index) => ({ fullName: names[index % names.length]! })),
      );
      for (const [index, { id }] of made.entries()) {
        const time = new Date(Date.UTC(2026, 0, 1, 0, 0, 0, index % 3)).toISOString();
        await database.db.raw('update users set created_at = ?, updated_at = ? where id = ?', [time, time, id]);
      }
      all = await listUsers(database.db, byEmail, { limit: 100 });
    });

    for (const sortBy of sortFields) {
      for (const sortOrder of orders) {
        it(`visits everybody once by ${sortBy} ${sortOrder}, in the order of one long page`, async () => {
          const query = { sortBy, sortOrder };
          const whole = idsOf(await listUsers(database.db, query, { limit: 100 }));

          for (const limit of [1, 3, 7]) {
            const walked = await walk(database.db, query, limit);

            expect(idsOf(walked), `${limit} at a time`).to.deep.equal(whole);
          }
          expect(whole).to.have.members(idsOf(all));
          expect(new Set(whole).size).to.equal(20);
        });
      }

      it(`sorts by ${sortBy} desc in the reverse order of asc`, async () => {
        const asc = await listUsers(database.db, { sortBy, sortOrder: 'asc' }, { limit: 100 });
        const desc = await listUsers(database.db, { sortBy, sortOrder: 'desc' }, { limit: 100 });

        expect(idsOf(desc)).to.deep.equal(idsOf(asc).reverse());
      });
    }

    for (const sortBy of ['created_at', 'updated_at', 'email'] as const) {
      it(`sorts by ${sortBy}, then by id`, async () => {
        const found = await listUsers(database.db, { sortBy, sortOrder: 'asc' }, { limit: 100 });

        const keys = found.map((user) => `${values[sortBy](user)} ${user.id}`);
        expect(keys).to.deep.equal([...keys].sort());
      });
    }

    it('sorts names by collation, not by bytes', async () => {
      const found = await listUsers(database.db, { sortBy: 'full_name', sortOrder: 'asc' }, { limit: 100 });

      const order = [...new Set(found.map(({ fullName }) => fullName))];
      expect(order).to.deep.equal(['asa', 'Asa', 'Åsa', 'Ätte', 'Zoe', 'zoë', 'Жанна', '陳']);
    });

    it('returns nobody from beyond the end', async () => {
      expect(await listUsers(database.db, byEmail, { limit: 8, offset: 300 })).to.deep.equal([]);
    });

    it('pages by offset too', async () => {
      const pages = await Promise.all(
        [0, 8, 16, 24].map((offset) => listUsers(database.db, byEmail, { limit: 8, offset })),
      );

      expect(pages.map(({ length }) => length)).to.deep.equal([8, 8, 4, 0]);
      expect(idsOf(pages.flat())).to.deep.equal(idsOf(all));
    });
  });

  describe('that are long', () => {
    const database = useDatabase();
    const count = 1000;
    before('create a thousand users at ten times, with ten names', () =>
      database.db.raw(
        `insert into users (id, email, full_name, role, is_active, password_hash, created_at, updated_at)
        select gen_random_uuid(), md5(n::text) || '@example.com', 'Person ' || n % 10,
          case when n % 2 = 0 then 'moderator' else 'user' end, n % 3 > 0, '', now() - n % 10 * interval '1 s', now()
        from generate_series(1, ?) n`,
        [count],
      ),
    );

    for (const filter of [{}, { role: 'moderator' }, { isActive: false }] as const) {
      it(`are counted only as far as asked, with ${JSON.stringify(filter)}`, async () => {
        expect(await countUsers(database.db, { ...byEmail, ...filter }, 50)).to.equal(50);
      });
    }

    const filters: Partial<UserList>[] = [{}, { role: 'moderator' }, { isActive: false }];
    for (const filter of filters) {
      for (const sortBy of sortFields) {
        for (const sortOrder of orders) {
          const query = { ...filter, sortBy, sortOrder };
          it(`are the same at any depth, with ${JSON.stringify(query)}`, async () => {
            const whole = idsOf(await listUsers(database.db, query, { limit: count }));
            const total = await countUsers(database.db, query, count);
            expect(whole).to.have.length(total);

            for (const offset of [199, 200, 201, total >> 1, total - 7, total - 1, total]) {
              const found = await listUsers(database.db, query, { limit: 7, offset });

              expect(idsOf(found), `from ${offset}`).to.deep.equal(whole.slice(offset, offset + 7));
            }
          });
        }
      }
    }
  });

  describe('that change while they are read', () => {
    const database = useDatabase();

    it('neither skip nor repeat anybody who was there throughout', async () => {
      const made = await users(
        database.db,
        ['b', 'd', 'f', 'h'].map((letter) => ({ email: `${letter}@example.com` })),
      );
      const first = await listUsers(database.db, byEmail, { limit: 2 });

      await aUser(database.db, { email: 'a@example.com' });
      await deleteUser(database.db, made[1]!.id);
      const rest = await listUsers(database.db, byEmail, {
        limit: 10,
        after: { value: first[1]!.email, id: first[1]!.id },
      });

      expect(first.map(({ email }) => email)).to.deep.equal(['b@example.com', 'd@example.com']);
      expect(rest.map(({ email }) => email)).to.deep.equal(['f@example.com', 'h@example.com']);
    });
  });

  describe('with filters', () => {
    const database = useDatabase();
    before('create active and inactive users of each role', async () => {
      for (const role of ['user', 'moderator', 'admin'] as const) {
        await aUser(database.db, { role, email: `active-${role}@example.com` });
        const { id } = await aUser(database.db, { role, email: `inactive-${role}@example.com`, id: createId() });
        await updateUser(database.db, id, { isActive: false });
      }
    });

    const filters: [Partial<UserList>, string[]][] = [
      [{ role: 'moderator' }, ['active-moderator', 'inactive-moderator']],
      [{ isActive: true }, ['active-admin', 'active-moderator', 'active-user']],
      [{ isActive: false }, ['inactive-admin', 'inactive-moderator', 'inactive-user']],
      [{ role: 'admin', isActive: false }, ['inactive-admin']],
    ];
    for (const [filter, expected] of filters) {
      it(`returns those with ${JSON.stringify(filter)} and counts them`, async () => {
        const query = { ...byEmail, ...filter };

        const found = await listUsers(database.db, query, { limit: 100 });

        expect(found.map(({ email }) => email.split('@')[0])).to.deep.equal(expected);
        expect(await countUsers(database.db, query, 100)).to.equal(expected.length);
      });
    }
  });
});
