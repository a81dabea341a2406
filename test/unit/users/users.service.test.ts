import { expect } from 'chai';
import type { User } from '../../../src/access/user.ts';
import type { UserQuery } from '../../../src/features/users/user-lists.ts';
import type { UserChanges } from '../../../src/features/users/users.repository.ts';
import { nobodysId as nobody } from '../../support/ids.ts';
import { codeOf, rulesOf } from '../platform/failures.ts';
import { aUser } from '../access/a-user.ts';
import { always, given, givenASearch, never, newUser } from './given-users.ts';

const named = (fullName: string) => (user: User) => ({ ...user, fullName });
const byAge: UserQuery = { sortBy: 'created_at', sortOrder: 'asc' };

describe('users service', () => {
  describe('create', () => {
    it('creates a user with a hash of the password', async () => {
      const { service, rows, hashes, passwords } = given();

      const made = await service.create(newUser({ role: 'moderator' }));

      expect(made).to.include({ email: 'vera@example.com', fullName: 'Vera Stone', role: 'moderator' });
      expect([...rows.keys()]).to.deep.equal([made.id]);
      expect(await passwords.verify('seven green kites', hashes.get(made.id))).to.equal('current');
    });

    it('assigns ids that sort by age', async () => {
      const { service } = given();

      const made = await service.create(newUser());

      expect(made.id).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    });

    it('rejects an address that is taken', async () => {
      const { service } = given(aUser({ email: 'vera@example.com' }));

      expect(await codeOf(() => service.create(newUser()))).to.equal('email_taken');
    });

    it('rejects another spelling of a taken address', async () => {
      const { service } = given(aUser({ email: 'vera@example.com' }));

      expect(await codeOf(() => service.create(newUser({ email: ' Vera@EXAMPLE.com' })))).to.equal('email_taken');
    });

    it('stores the normalised address and name', async () => {
      const { service } = given();

      const made = await service.create(
        newUser({ email: ' VERA@Bücher.Example ', fullName: ' Zoe\u0308 Stone\u3000' }),
      );

      expect(made).to.include({ email: 'vera@xn--bcher-kva.example', fullName: 'Zo\u00eb Stone' });
    });

    it('rejects a bad password before hashing or storing anything', async () => {
      const { service, rows, hashed } = given();

      const rules = await rulesOf(() => service.create(newUser({ password: 'vera-x' })));

      expect(rules).to.deep.equal(['minLength', 'password_contains_email']);
      expect(hashed).to.deep.equal([]);
      expect(rows.size).to.equal(0);
    });

    it('compares the password with the normalised address and name', async () => {
      const { service } = given();
      const person = newUser({ email: 'QUILLON@example.com', fullName: ' Zoe\u0308 Stone ' });

      const byAddress = await rulesOf(() => service.create({ ...person, password: 'my quillon 42' }));
      const byName = await rulesOf(() => service.create({ ...person, password: 'i am zo\u00eb stone' }));

      expect(byAddress).to.deep.equal(['password_contains_email']);
      expect(byName).to.deep.equal(['password_contains_name']);
    });
  });

  describe('get', () => {
    it('returns any user to moderators and administrators', async () => {
      const vera = aUser();

      for (const role of ['moderator', 'admin'] as const) {
        expect(await given(aUser(), vera).service.get(vera.id, aUser({ role }))).to.equal(vera);
      }
    });

    it('returns users to themselves', async () => {
      const vera = aUser();

      expect(await given(aUser(), vera).service.get(vera.id, vera)).to.equal(vera);
    });

    it('refuses users anybody else, existing or not', async () => {
      const vera = aUser();
      const { service } = given(vera);

      for (const id of [vera.id, nobody]) {
        expect(await codeOf(() => service.get(id, aUser()))).to.equal('forbidden');
      }
    });

    it('throws not_found for an unknown id', async () => {
      const { service } = given(aUser());

      expect(await codeOf(() => service.get(nobody, aUser({ role: 'moderator' })))).to.equal('not_found');
    });
  });

  describe('list', () => {
    const five = Array.from({ length: 5 }, (_, index) =>
      aUser({ id: `01939d3a-7c1e-7b5a-9f43-00000000000${index}`, email: `${index}@example.com` }),
    );

    it('returns the first page by default', async () => {
      const page = await given(...five).service.list(byAge, { limit: 2 });

      expect(page.users).to.deep.equal(five.slice(0, 2));
      expect(page).to.include({ limit: 2, total: 5, totalIsExact: true, page: 1, totalPages: 3 });
    });

    for (const [count, told] of [
      [1000, { total: 1000, totalIsExact: true, totalPages: 50 }],
      [1001, { total: 1000, totalIsExact: false, totalPages: null }],
    ] as const) {
      it(`tells ${JSON.stringify(told)} of ${count} users`, async () => {
        const { service } = given(...Array.from({ length: count }, (_, index) => aUser({ id: String(index) })));

        expect(await service.list(byAge, { limit: 20 })).to.include(told);
      });
    }

    it('returns a page from the middle', async () => {
      const page = await given(...five).service.list(byAge, { limit: 2, page: 2 });

      expect(page.users).to.deep.equal(five.slice(2, 4));
      expect(page.page).to.equal(2);
      expect(page.nextCursor).to.be.a('string');
    });

    it('returns no cursor on a full last page', async () => {
      const page = await given(...five).service.list(byAge, { limit: 5 });

      expect(page.users).to.have.length(5);
      expect(page.nextCursor).to.equal(null);
    });

    for (const [count, told] of [
      [2, { total: 2, totalIsExact: true, totalPages: 2 }],
      [5, { total: 5, totalIsExact: false, totalPages: null }],
    ] as const) {
      it(`tells ${JSON.stringify(told)} of a search that finds ${count}`, async () => {
        const { service } = given(
          aUser({ id: 'another', fullName: 'Ada Byron' }),
          ...five.slice(0, count).map(named('Vera')),
        );

        const page = await service.list({ ...byAge, search: 'Vera' }, { limit: 1 });

        expect(page).to.include({ ...told, page: 1 });
        expect(page.users).to.have.length(1);
      });
    }

    it('returns an empty page without users', async () => {
      const page = await given().service.list(byAge, { limit: 20 });

      const counted = { total: 0, totalIsExact: true, page: 1, totalPages: 0 };
      expect(page).to.deep.equal({ users: [], limit: 20, nextCursor: null, ...counted });
    });

    it('follows cursors to the end without counting', async () => {
      const { service } = given(...five);
      const first = await service.list(byAge, { limit: 2 });

      const second = await service.list(byAge, { limit: 2, cursor: first.nextCursor! });
      const third = await service.list(byAge, { limit: 2, cursor: second.nextCursor! });

      expect([...first.users, ...second.users, ...third.users]).to.deep.equal(five);
      expect(second).to.include({ total: null, totalIsExact: null, page: null, totalPages: null });
      expect(third.nextCursor).to.equal(null);
    });

    it('sends a cursor with what a search found before it stopped', async () => {
      const { service, cursors } = givenASearch({
        users: five.slice(0, 1),
        total: 1,
        totalIsExact: false,
        stoppedAt: five[3],
      });
      const query = { ...byAge, search: 'vera' };

      const page = await service.list(query, { limit: 2 });

      expect(page.users).to.deep.equal(five.slice(0, 1));
      expect(page.nextCursor).to.equal(cursors.write(query, five[3]!));
    });

    it('rejects a page combined with a cursor', async () => {
      const { service } = given(...five);
      const { nextCursor } = await service.list(byAge, { limit: 2 });

      const rules = await rulesOf(() => service.list(byAge, { limit: 2, page: 2, cursor: nextCursor! }));

      expect(rules).to.deep.equal(['cursor']);
    });

    it('rejects the cursor of another list', async () => {
      const { service } = given(...five);
      const { nextCursor } = await service.list(byAge, { limit: 2 });

      const rules = await rulesOf(() => service.list({ ...byAge, role: 'admin' }, { limit: 2, cursor: nextCursor! }));

      expect(rules).to.deep.equal(['cursor']);
    });
  });

  describe('update', () => {
    it('changes only the given fields', async () => {
      const vera = aUser({ role: 'moderator' });
      const { service, rows } = given(vera);

      const after = await service.update(vera.id, { fullName: ' Vera Zoe\u0308 ' }, always);

      expect(after).to.deep.equal({ ...vera, fullName: 'Vera Zo\u00eb', version: 2 });
      expect(rows.get(vera.id)).to.equal(after);
    });

    it('throws not_found for an unknown user', async () => {
      const { service } = given();

      expect(await codeOf(() => service.update(nobody, { fullName: 'Vera' }, always))).to.equal('not_found');
    });

    it('changes nothing when the precondition fails', async () => {
      const vera = aUser();
      const { service, rows } = given(vera);

      const code = await codeOf(() => service.update(vera.id, { fullName: 'Other' }, never));

      expect(code).to.equal('precondition_failed');
      expect(rows.get(vera.id)).to.equal(vera);
    });

    it('passes the current user to the precondition', async () => {
      const vera = aUser({ version: 3 });
      const { service } = given(vera);
      const asked: User[] = [];

      await service.update(vera.id, { fullName: 'Other' }, (user) => asked.push(user) > 0);

      expect(asked).to.deep.equal([vera]);
    });

    const ends: [string, User, UserChanges][] = [
      ['a demotion', aUser({ role: 'moderator' }), { role: 'user' }],
      ['a demotion by one step', aUser({ role: 'admin' }), { role: 'moderator' }],
      ['a deactivation', aUser(), { isActive: false }],
      ['a promotion with a deactivation', aUser(), { role: 'admin', isActive: false }],
    ];
    for (const [what, user, changes] of ends) {
      it(`ends the user's sessions on ${what}`, async () => {
        const { service, endedFor } = given(aUser({ role: 'admin' }), user);

        await service.update(user.id, changes, always);

        expect([...endedFor]).to.deep.equal([user.id]);
      });
    }

    const keeps: [string, User, UserChanges][] = [
      ['a promotion', aUser(), { role: 'admin' }],
      ['a rename', aUser(), { fullName: 'Other' }],
      ['the same role again', aUser({ role: 'moderator' }), { role: 'moderator' }],
      ['an activation', aUser({ isActive: false }), { isActive: true }],
    ];
    for (const [what, user, changes] of keeps) {
      it(`keeps the user's sessions on ${what}`, async () => {
        const { service, endedFor } = given(aUser({ role: 'admin' }), user);

        await service.update(user.id, changes, always);

        expect([...endedFor]).to.deep.equal([]);
      });
    }
  });
});
