import { expect } from 'chai';
import { ServiceError } from '../../../src/platform/errors.ts';
import { codeOf, failureOf } from '../platform/failures.ts';
import { aUser } from '../stubs.ts';
import { always, given, never, newUser, nobody } from './users-among.ts';

describe('users service, removal and administrators', () => {
  describe('remove', () => {
    it('deletes a user, ends the sessions and forgets the kept answers, in one transaction', async () => {
      const vera = aUser();
      const { service, users, sessions, forgotten } = given(aUser({ role: 'admin' }), vera);

      await service.remove(vera.id, always);

      expect(forgotten).to.deep.equal([`${vera.id} in transaction`]);
      expect(users.rows.has(vera.id)).to.equal(false);
      expect(users.calls).to.deep.equal([
        'lockActiveAdmins in transaction',
        'findUserForUpdate in transaction',
        'deleteUser in transaction',
      ]);
      expect(sessions.calls).to.deep.equal([`endSessionsOfUser ${vera.id} in transaction`]);
    });

    it('says when there is nobody to delete', async () => {
      const { service, sessions } = given(aUser({ role: 'admin' }));

      expect(await codeOf(() => service.remove(nobody, always))).to.equal('not_found');
      expect(sessions.calls).to.deep.equal([]);
    });

    it('deletes nobody when the precondition does not hold', async () => {
      const vera = aUser();
      const { service, users, sessions } = given(vera);

      expect(await codeOf(() => service.remove(vera.id, never))).to.equal('precondition_failed');
      expect(users.rows.has(vera.id)).to.equal(true);
      expect(sessions.calls).to.deep.equal([]);
    });
  });

  describe('the last active admin', () => {
    type Service = ReturnType<typeof given>['service'];
    const removals: [string, (service: Service, id: string) => Promise<unknown>][] = [
      ['deleted', (service, id) => service.remove(id, always)],
      ['demoted to moderator', (service, id) => service.update(id, { role: 'moderator' }, always)],
      ['demoted to user', (service, id) => service.update(id, { role: 'user' }, always)],
      ['deactivated', (service, id) => service.update(id, { isActive: false }, always)],
      [
        'deactivated while named admin',
        (service, id) => service.update(id, { role: 'admin', isActive: false }, always),
      ],
    ];
    for (const [what, removal] of removals) {
      it(`is not ${what}, though others hold lower roles or are inactive`, async () => {
        const last = aUser({ role: 'admin' });
        const others = [aUser({ role: 'moderator' }), aUser({ role: 'admin', isActive: false })];
        const { service, users, sessions } = given(last, ...others);

        expect(await codeOf(() => removal(service, last.id))).to.equal('last_admin');
        expect(users.rows.get(last.id)).to.equal(last);
        expect(sessions.calls).to.deep.equal([]);
      });

      it(`is ${what} once there is another`, async () => {
        const first = aUser({ role: 'admin' });
        const { service, users } = given(first, aUser({ role: 'admin' }));

        await removal(service, first.id);

        const after = users.rows.get(first.id);
        expect(after?.role === 'admin' && after.isActive).to.equal(false);
      });

      it(`lets an inactive admin be ${what}`, async () => {
        const inactive = aUser({ role: 'admin', isActive: false });
        const { service, users } = given(aUser({ role: 'admin' }), inactive);

        await removal(service, inactive.id);

        expect(users.rows.get(inactive.id)?.isActive).not.to.equal(true);
      });
    }

    it('can be renamed, and named admin and active again', async () => {
      const last = aUser({ role: 'admin' });
      const { service } = given(last);

      const after = await service.update(last.id, { fullName: 'Other', role: 'admin', isActive: true }, always);

      expect(after).to.deep.equal({ ...last, fullName: 'Other', version: 2 });
    });

    it('meets the precondition first: a change based on an old version says so', async () => {
      const last = aUser({ role: 'admin' });
      const { service } = given(last);

      expect(await codeOf(() => service.remove(last.id, never))).to.equal('precondition_failed');
      expect(await codeOf(() => service.update(last.id, { role: 'user' }, never))).to.equal('precondition_failed');
    });
  });

  describe('createFirstAdmin', () => {
    it('makes an admin where there is none', async () => {
      const { service, users } = given(aUser({ role: 'moderator' }), aUser({ role: 'admin', isActive: false }));

      const made = await service.createFirstAdmin(newUser());

      expect(made).to.equal(true);
      expect([...users.rows.values()].at(-1)).to.include({ email: 'vera@example.com', role: 'admin', isActive: true });
      expect(await service.hasAdmin()).to.equal(true);
    });

    it('makes none beside another, and does no work for it', async () => {
      const { service, users, hashed } = given(aUser({ role: 'admin' }));

      const made = await service.createFirstAdmin(newUser());

      expect(made).to.equal(false);
      expect(users.rows.size).to.equal(1);
      expect(hashed).to.deep.equal([]);
    });

    it('refuses a bad password', async () => {
      const { service } = given();

      expect(await codeOf(() => service.createFirstAdmin(newUser({ password: 'password' })))).to.equal(
        'validation_failed',
      );
    });

    it('says when somebody who is no admin has the address', async () => {
      const { service } = given(aUser({ email: 'vera@example.com' }));

      expect(await codeOf(() => service.createFirstAdmin(newUser()))).to.equal('email_taken');
    });

    it('is content when another process was faster', async () => {
      const { service, users } = given();
      const vera = aUser({ email: 'vera@example.com', role: 'admin' });
      users.repository.insertUser = async () => {
        users.rows.set(vera.id, vera);
        throw new ServiceError('email_taken');
      };

      expect(await service.createFirstAdmin(newUser())).to.equal(false);
    });

    it('passes on what goes wrong otherwise', async () => {
      const { service, users } = given();
      const fault = new Error('the disk is full');
      users.repository.insertUser = () => Promise.reject(fault);

      expect(await failureOf(() => service.createFirstAdmin(newUser()))).to.equal(fault);
    });
  });
});
