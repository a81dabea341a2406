import { expect } from 'chai';
import type { User } from '../../../src/access/user.ts';
import type { Slice, UserList } from '../../../src/features/users/user-lists.ts';
import { searchUsers, type FoundUsers } from '../../../src/features/users/users.search.repository.ts';
import { useDatabase } from '../../support/database.ts';
import { users } from '../factories.ts';

const byEmail: UserList = { sortBy: 'email', sortOrder: 'asc' };
const emailsOf = ({ users: found }: FoundUsers) => found.map(({ email }) => email);

describe('users repository, searches', () => {
  describe('among a few', () => {
    const database = useDatabase();
    const people: [string, string][] = [
      ['100%@example.com', 'Per Cent'],
      ['back@example.com', 'Back\\slash'],
      ['plain@example.com', 'Plain Person'],
      ['quote@example.com', "O'Neill; drop table users --"],
      ['snake_case@example.com', 'Under Score'],
      ['snakexcase@example.com', 'Letter Ex'],
      ['tanaka@example.com', '田中太郎'],
      ['zoe@example.com', 'Zoë Ünal'],
    ];
    const idOf = (index: number) => `0193${index}d3a-7c1e-7b5a-9f43-2d1f0c6a8e1${index}`;
    before('create people with the wildcards of LIKE in their names', () =>
      users(
        database.db,
        people.map(([email, fullName], index) => ({ id: idOf(index), email, fullName })),
      ),
    );

    const anywhere: [string, string[]][] = [
      ['plain', ['plain']],
      ['PLAIN', ['plain']],
      ['ain pers', ['plain']],
      ['0%@', ['100%']],
      ['e_c', ['snake_case']],
      ['k\\s', ['back']],
      ['pl%n', []],
      ['\\%\\', []],
      ["o'n", ['quote']],
      ['; drop table', ['quote']],
      ['ZOË', ['zoe']],
      ['ünal', ['zoe']],
      ['中太郎', ['tanaka']],
      ['nobody', []],
    ];
    const beginnings: [string, string[]][] = [
      ['p', ['100%', 'plain']],
      ['P', ['100%', 'plain']],
      ['ü', ['zoe']],
      ['Üb', []],
      ['u', ['quote', 'snake_case']],
      ['e', ['snakexcase']],
      ['田', ['tanaka']],
      ['郎', []],
      ['%', []],
      ['_', []],
      ['\\', []],
      ["o'", ['quote']],
      ['sn', ['snake_case', 'snakexcase']],
      ['10', ['100%']],
      ['0%', []],
    ];
    const edges: [string, string[]][] = [
      ['田中', ['tanaka']],
      ['太郎', ['tanaka']],
      ['中太', []],
      ['in', ['plain']],
      ['on', ['plain']],
      ['om', []],
    ];
    const ids: [string, string[]][] = [
      [idOf(2), ['plain']],
      [idOf(2).toUpperCase(), ['plain']],
      [idOf(2).slice(0, 8), ['plain']],
      [idOf(2).slice(0, 14), ['plain']],
      [idOf(2).slice(0, 7), []],
      [idOf(2).slice(1, 10), []],
      [idOf(2).replace('7c1e', '7c1f'), []],
    ];
    const parts = {
      'as the beginning of an id': ids,
      anywhere,
      'at the beginning of a word': beginnings,
      'at the edge of a word': edges,
    };
    for (const [where, searches] of Object.entries(parts)) {
      for (const [text, expected] of searches) {
        it(`finds ${expected.join(' and ') || 'nobody'} by "${text}", ${where}`, async () => {
          const found = await searchUsers(database.db, byEmail, text, { limit: 100 });

          expect(emailsOf(found)).to.deep.equal(expected.map((name) => `${name}@example.com`));
          expect(found).to.include({ total: expected.length, totalIsExact: true });
        });
      }
    }

    it('counts everybody on a page beyond the end', async () => {
      const found = await searchUsers(database.db, byEmail, 'EXAMPLE', { limit: 10, offset: 500 });

      expect(found).to.deep.include({ users: [], total: people.length, totalIsExact: true });
    });
  });

  describe('of texts that few of 6,000 have', () => {
    const database = useDatabase();
    const count = 6000;
    const byTime: UserList = { sortBy: 'created_at', sortOrder: 'asc' };
    before('create 6,000 users, a second apart', () =>
      database.db.raw(
        `insert into users (id, email, full_name, role, is_active, password_hash, created_at, updated_at)
        select gen_random_uuid(), n || '@example.com',
          case when n % 10 = 0 then 'Tenth ' else '' end || case when n > 5970 then 'Last ' else '' end || 'Person ' || n % 7,
          case when n % 2 = 0 then 'moderator' else 'user' end, n % 3 > 0, '',
          timestamptz '2026-01-01Z' + n * interval '1 s', timestamptz '2026-01-02Z' - n * interval '1 s'
        from generate_series(1, ?) n`,
        [count],
      ),
    );
    const numbers = Array.from({ length: count }, (_, index) => index + 1);
    const isTenth = (n: number) => n % 10 === 0;
    const isLast = (n: number) => n > 5970;
    const numbersOf = (found: readonly User[]) => found.map(({ email }) => parseInt(email, 10));

    for (const [text, matches] of [
      ['tenth', isTenth],
      ['last', isLast],
      ['nobody', () => false],
    ] as const) {
      const expected = numbers.filter(matches);
      for (const list of [byTime, { sortBy: 'updated_at', sortOrder: 'desc' } as const]) {
        it(`finds pages of "${text}" by ${list.sortBy}, and counts all ${expected.length}`, async () => {
          for (const offset of [0, 4, 20]) {
            const found = await searchUsers(database.db, list, text, { limit: 5, offset });

            expect(numbersOf(found.users)).to.deep.equal(expected.slice(offset, offset + 5));
            expect(found).to.include({ total: expected.length, totalIsExact: true });
          }
        });
      }

      it(`finds all of "${text}" by following cursors`, async () => {
        const walked: User[] = [];
        for (;;) {
          const last = walked.at(-1);
          const after = last && { value: last.createdAt.toISOString(), id: last.id };
          const { users: found } = await searchUsers(database.db, byTime, text, { limit: 250, after });
          walked.push(...found);
          if (found.length < 250) break;
        }

        expect(numbersOf(walked)).to.deep.equal(expected);
      });
    }

    for (const [filter, matches, total] of [
      [{ role: 'moderator' }, (n: number) => isLast(n) && n % 2 === 0, 15],
      [{ isActive: false }, (n: number) => isLast(n) && n % 3 === 0, 10],
      [{ role: 'user', isActive: true }, (n: number) => isLast(n) && n % 2 === 1 && n % 3 > 0, 10],
    ] as const) {
      it(`filters by ${JSON.stringify(filter)}, with the count`, async () => {
        const found = await searchUsers(database.db, { ...byTime, ...filter }, 'last', { limit: 100 });

        expect(numbersOf(found.users)).to.deep.equal(numbers.filter(matches));
        expect(found).to.include({ total, totalIsExact: true });
      });
    }
  });

  describe('of texts that many of 14,500 have, or may have', () => {
    const database = useDatabase();
    const byTime: UserList = { sortBy: 'created_at', sortOrder: 'asc' };
    const isLater = (n: number) => n > 8500;
    const numbers = Array.from({ length: 14_500 }, (_, index) => index + 1);
    const numbersOf = (found: readonly User[]) => found.map(({ email }) => parseInt(email, 10));
    before('create 14,500 users, a second apart', async () => {
      await database.db.raw(
        `insert into users (id, email, full_name, role, password_hash, created_at, updated_at)
        select gen_random_uuid(), n || '@example.com', case when n > 8500 then 'Later ' else '' end || 'Person', 'user', '',
          timestamptz '2026-01-01Z' + n * interval '1 s', timestamptz '2026-01-01Z'
        from generate_series(1, ?) n`,
        [numbers.length],
      );
      await database.db.raw('analyze users');
    });

    it('fills a page from the first thousand', async () => {
      const found = await searchUsers(database.db, byTime, 'person', { limit: 10, offset: 20 });

      expect(numbersOf(found.users)).to.deep.equal(numbers.slice(20, 30));
      expect(found).to.include({ total: 1001, totalIsExact: false });
    });

    for (const [text, matches] of [
      ['later', isLater],
      ['---', () => false],
      ['r---p', () => false],
      ['--', () => false],
    ] as const) {
      it(`stops a search for "${text}" after 8,000 users, and goes on from there`, async () => {
        const stops: number[] = [];
        const found: User[] = [];
        let after: Slice['after'];
        for (;;) {
          const { users: some, stoppedAt } = await searchUsers(database.db, byTime, text, { limit: 1000, after });
          found.push(...some);
          const last = stoppedAt ?? (some.length === 1000 ? some.at(-1) : undefined);
          if (stoppedAt) stops.push(...numbersOf([stoppedAt]));
          if (!last) break;
          after = { value: last.createdAt.toISOString(), id: last.id };
        }

        expect(stops[0]).to.equal(8000);
        expect(numbersOf(found)).to.deep.equal(numbers.filter(matches));
      });
    }

    it('looks further for a page deep in the list', async () => {
      const found = await searchUsers(database.db, byTime, 'later', { limit: 10, offset: 100 });

      expect(numbersOf(found.users)).to.deep.equal(numbers.filter(isLater).slice(100, 110));
      expect(found.stoppedAt).to.equal(undefined);
    });
  });
});
