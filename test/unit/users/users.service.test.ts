import { expect } from 'chai';
import type { User } from '../../../src/access/user.ts';
import type { UserChanges, UserQuery } from '../../../src/features/users/users.repository.ts';
import { nobodysId as nobody } from '../../support/ids.ts';
import { codeOf, rulesOf } from '../platform/failures.ts';
import { aUser } from '../access/a-user.ts';
import { always, given, never, newUser } from './given-users.ts';

const byAge: UserQuery = { sortBy: 'created_at', sortOrder: 'asc' };

describe('users service', () => {
  describe('create', () => {
    it('makes a user of a free address, with a hash of the password', async () => {
      const { service, rows, hashes, passwords } = given();

      const made = await service.create(newUser({ role: 'moderator' }));

      expect(made).to.include({ email: 'vera@example.com', fullName: 'Vera Stone', role: 'moderator' });
      expect([...rows.keys()]).to.deep.equal([made.id]);
      expect(await passwords.verify('seven green kites', hashes.get(made.id))).to.equal(true);
    });

    it('gives ids that sort by age', async () => {
      const { service } = given();

      const made = await service.create(newUser());

      expect(made.id).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    });

    it('refuses an address that is taken', async () => {
      const { service } = given(aUser({ email: 'vera@example.com' }));

      expect(await codeOf(() => service.create(newUser()))).to.equal('email_taken');
    });

    it('refuses an address that is taken in another spelling', async () => {
      const { service } = given(aUser({ email: 'vera@example.com' }));

      expect(await codeOf(() => service.create(newUser({ email: ' Vera@EXAMPLE.com' })))).to.equal('email_taken');
    });

    it('keeps the one spelling of address and name', async () => {
      const { service } = given();

      const made = await service.create(
        newUser({ email: ' VERA@Bücher.Example ', fullName: ' Zoe\u0308 Stone\u3000' }),
      );

      expect(made).to.include({ email: 'vera@xn--bcher-kva.example', fullName: 'Zo\u00eb Stone' });
    });

    it('refuses a bad password before it hashes or stores anything', async () => {
      const { service, rows, hashed } = given();

      const rules = await rulesOf(() => service.create(newUser({ password: 'vera-x' })));

      expect(rules).to.deep.equal(['minLength', 'password_contains_email']);
      expect(hashed).to.deep.equal([]);
      expect(rows.size).to.equal(0);
    });

    it('holds the password against the normalised address and name', async () => {
      const { service } = given();
      const person = newUser({ email: 'QUILLON@example.com', fullName: ' Zoe\u0308 Stone ' });

      const byAddress = await rulesOf(() => service.create({ ...person, password: 'my quillon 42' }));
      const byName = await rulesOf(() => service.create({ ...person, password: 'i am zo\u00eb stone' }));

      expect(byAddress).to.deep.equal(['password_contains_email']);
      expect(byName).to.deep.equal(['password_contains_name']);
    });
  });

  describe('get', () => {
    it('gives moderators and administrators everybody', async () => {
      const vera = aUser();

      for (const role of ['moderator', 'admin'] as const) {
        expect(await given(aUser(), vera).service.get(vera.id, aUser({ role }))).to.equal(vera);
      }
    });

    it('gives users themselves', async () => {
      const vera = aUser();

      expect(await given(aUser(), vera).service.get(vera.id, vera)).to.equal(vera);
    });

    it('refuses users anybody else, whether there is such a user or not', async () => {
      const vera = aUser();
      const { service } = given(vera);

      for (const id of [vera.id, nobody]) {
        expect(await codeOf(() => service.get(id, aUser()))).to.equal('forbidden');
      }
    });

    it('says when there is none', async () => {
      const { service } = given(aUser());

      expect(await codeOf(() => service.get(nobody, aUser({ role: 'moderator' })))).to.equal('not_found');
    });
  });

  describe('list', () => {
    const five = Array.from({ length: 5 }, (_, index) =>
      aUser({ id: `01939d3a-7c1e-7b5a-9f43-00000000000${index}`, email: `${index}@example.com` }),
    );

    it('gives the first page when none is asked for', async () => {
      const page = await given(...five).service.list(byAge, { limit: 2 });

      expect(page.users).to.deep.equal(five.slice(0, 2));
      expect(page).to.include({ limit: 2, total: 5, page: 1, totalPages: 3 });
    });

    it('gives a page from the middle', async () => {
      const page = await given(...five).service.list(byAge, { limit: 2, page: 2 });

      expect(page.users).to.deep.equal(five.slice(2, 4));
      expect(page.page).to.equal(2);
      expect(page.nextCursor).to.be.a('string');
    });

    it('gives no cursor on a last page that is full', async () => {
      const page = await given(...five).service.list(byAge, { limit: 5 });

      expect(page.users).to.have.length(5);
      expect(page.nextCursor).to.equal(null);
    });

    it('gives nothing of no users', async () => {
      const page = await given().service.list(byAge, { limit: 20 });

      expect(page).to.deep.equal({ users: [], limit: 20, nextCursor: null, total: 0, page: 1, totalPages: 0 });
    });

    it('continues after a cursor to the end, and counts nothing', async () => {
      const { service } = given(...five);
      const first = await service.list(byAge, { limit: 2 });

      const second = await service.list(byAge, { limit: 2, cursor: first.nextCursor! });
      const third = await service.list(byAge, { limit: 2, cursor: second.nextCursor! });

      expect([...first.users, ...second.users, ...third.users]).to.deep.equal(five);
      expect(second).to.include({ total: null, page: null, totalPages: null });
      expect(third.nextCursor).to.equal(null);
    });

    it('refuses a page beside a cursor', async () => {
      const { service } = given(...five);
      const { nextCursor } = await service.list(byAge, { limit: 2 });

      const rules = await rulesOf(() => service.list(byAge, { limit: 2, page: 2, cursor: nextCursor! }));

      expect(rules).to.deep.equal(['cursor']);
    });

    it('refuses the cursor of another list', async () => {
      const { service } = given(...five);
      const { nextCursor } = await service.list(byAge, { limit: 2 });

      const rules = await rulesOf(() => service.list({ ...byAge, role: 'admin' }, { limit: 2, cursor: nextCursor! }));

      expect(rules).to.deep.equal(['cursor']);
    });
  });

  describe('update', () => {
    it('changes what is given and leaves the rest', async () => {
      const vera = aUser({ role: 'moderator' });
      const { service, rows } = given(vera);

      const after = await service.update(vera.id, { fullName: ' Vera Zoe\u0308 ' }, always);

      expect(after).to.deep.equal({ ...vera, fullName: 'Vera Zo\u00eb', version: 2 });
      expect(rows.get(vera.id)).to.equal(after);
    });

    it('says when there is no such user', async () => {
      const { service } = given();

      expect(await codeOf(() => service.update(nobody, { fullName: 'Vera' }, always))).to.equal('not_found');
    });

    it('changes nothing when the precondition does not hold', async () => {
      const vera = aUser();
      const { service, rows } = given(vera);

      const code = await codeOf(() => service.update(vera.id, { fullName: 'Other' }, never));

      expect(code).to.equal('precondition_failed');
      expect(rows.get(vera.id)).to.equal(vera);
    });

    it('asks the precondition about the user as it is', async () => {
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
      it(`ends the user's sessions with ${what}`, async () => {
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
      it(`lets the user's sessions stand with ${what}`, async () => {
        const { service, endedFor } = given(aUser({ role: 'admin' }), user);

        await service.update(user.id, changes, always);

        expect([...endedFor]).to.deep.equal([]);
      });
    }
  });
});
