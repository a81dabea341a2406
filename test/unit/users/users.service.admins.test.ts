import { expect } from 'chai';
import { ServiceError } from '../../../src/platform/errors.ts';
import { nobodysId as nobody } from '../../support/ids.ts';
import { codeOf, failureOf } from '../platform/failures.ts';
import { aUser } from '../access/a-user.ts';
import { always, given, never, newUser } from './given-users.ts';

describe('users service, removal and administrators', () => {
  describe('remove', () => {
    it('deletes a user, their sessions and their stored replies in one transaction', async () => {
      const vera = aUser();
      const { service, rows, endedFor, forgotten } = given(aUser({ role: 'admin' }), vera);

      await service.remove(vera.id, always);

      expect(rows.has(vera.id)).to.equal(false);
      expect([...endedFor]).to.deep.equal([vera.id]);
      expect([...forgotten]).to.deep.equal([vera.id]);
    });

    it('throws not_found when there is nobody to delete', async () => {
      const { service, endedFor } = given(aUser({ role: 'admin' }));

      expect(await codeOf(() => service.remove(nobody, always))).to.equal('not_found');
      expect([...endedFor]).to.deep.equal([]);
    });

    it('deletes nobody when the precondition fails', async () => {
      const vera = aUser();
      const { service, rows, endedFor } = given(vera);

      expect(await codeOf(() => service.remove(vera.id, never))).to.equal('precondition_failed');
      expect(rows.has(vera.id)).to.equal(true);
      expect([...endedFor]).to.deep.equal([]);
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
      it(`can't be ${what} while all others have lower roles or are inactive`, async () => {
        const last = aUser({ role: 'admin' });
        const others = [aUser({ role: 'moderator' }), aUser({ role: 'admin', isActive: false })];
        const { service, rows, endedFor } = given(last, ...others);

        expect(await codeOf(() => removal(service, last.id))).to.equal('last_admin');
        expect(rows.get(last.id)).to.equal(last);
        expect([...endedFor]).to.deep.equal([]);
      });

      it(`can be ${what} once there is another`, async () => {
        const first = aUser({ role: 'admin' });
        const { service, rows } = given(first, aUser({ role: 'admin' }));

        await removal(service, first.id);

        const after = rows.get(first.id);
        expect(after?.role === 'admin' && after.isActive).to.equal(false);
      });

      it(`doesn't keep an inactive admin from being ${what}`, async () => {
        const inactive = aUser({ role: 'admin', isActive: false });
        const { service, rows } = given(aUser({ role: 'admin' }), inactive);

        await removal(service, inactive.id);

        expect(rows.get(inactive.id)?.isActive).not.to.equal(true);
      });
    }

    it('can be renamed, and set to admin and active again', async () => {
      const last = aUser({ role: 'admin' });
      const { service } = given(last);

      const after = await service.update(last.id, { fullName: 'Other', role: 'admin', isActive: true }, always);

      expect(after).to.deep.equal({ ...last, fullName: 'Other', version: 2 });
    });

    it('checks the precondition first', async () => {
      const last = aUser({ role: 'admin' });
      const { service } = given(last);

      expect(await codeOf(() => service.remove(last.id, never))).to.equal('precondition_failed');
      expect(await codeOf(() => service.update(last.id, { role: 'user' }, never))).to.equal('precondition_failed');
    });
  });

  describe('createFirstAdmin', () => {
    it('creates an admin when there is none', async () => {
      const { service, rows } = given(aUser({ role: 'moderator' }), aUser({ role: 'admin', isActive: false }));

      const made = await service.createFirstAdmin(newUser());

      expect(made).to.equal(true);
      expect([...rows.values()].at(-1)).to.include({ email: 'vera@example.com', role: 'admin', isActive: true });
      expect(await service.hasAdmin()).to.equal(true);
    });

    it('does nothing when there is an admin', async () => {
      const { service, rows, hashed } = given(aUser({ role: 'admin' }));

      const made = await service.createFirstAdmin(newUser());

      expect(made).to.equal(false);
      expect(rows.size).to.equal(1);
      expect(hashed).to.deep.equal([]);
    });

    it('rejects a bad password', async () => {
      const { service } = given();

      expect(await codeOf(() => service.createFirstAdmin(newUser({ password: 'password' })))).to.equal(
        'validation_failed',
      );
    });

    it('throws email_taken when a non-admin has the address', async () => {
      const { service } = given(aUser({ email: 'vera@example.com' }));

      expect(await codeOf(() => service.createFirstAdmin(newUser()))).to.equal('email_taken');
    });

    it('accepts that another process was faster', async () => {
      const { service, repository, rows } = given();
      const vera = aUser({ email: 'vera@example.com', role: 'admin' });
      repository.insertUser = async () => {
        rows.set(vera.id, vera);
        throw new ServiceError('email_taken');
      };

      expect(await service.createFirstAdmin(newUser())).to.equal(false);
    });

    it('rethrows any other error', async () => {
      const { service, repository } = given();
      const fault = new Error('the disk is full');
      repository.insertUser = () => Promise.reject(fault);

      expect(await failureOf(() => service.createFirstAdmin(newUser()))).to.equal(fault);
    });
  });
});
