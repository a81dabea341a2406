import { expect } from 'chai';
import { UniqueViolationError } from 'objection';
import { v7 as createId } from 'uuid';
import { ServiceError } from '../../../src/platform/errors.ts';
import { normalizeEmailAddress } from '../../../src/platform/formats/email-address.ts';
import * as lists from '../../../src/features/users/users.lists.repository.ts';
import * as repository from '../../../src/features/users/users.repository.ts';
import { searchUsers } from '../../../src/features/users/users.search.repository.ts';
import { useDatabase } from '../../support/database.ts';
import { aUser, newUser, together, untilItWaits } from '../factories.ts';

interface Row {
  readonly email: string;
  readonly deleted_at: Date | null;
  readonly password_hash: string;
}

describe('users repository', () => {
  const database = useDatabase();
  const rowsOf = (email: string) => database.db<Row>('users').where({ email }).select();

  it('returns what was inserted, with the defaults of a new user', async () => {
    const input = newUser({ role: 'moderator' });

    const made = await repository.insertUser(database.db, input);
    const found = await repository.findUser(database.db, input.id);

    expect(found).to.deep.equal(made);
    const { id, email, fullName } = input;
    expect(made).to.include({ id, email, fullName, role: 'moderator', isActive: true, version: 1 });
    expect(made).not.to.have.property('passwordHash');
    expect(made.createdAt.getTime()).to.be.closeTo(Date.now(), 60_000);
    expect(made.updatedAt).to.deep.equal(made.createdAt);
  });

  it('finds nobody by an unknown id', async () => {
    expect(await repository.findUser(database.db, createId())).to.equal(undefined);
    expect(await repository.findUserForUpdate(database.db, createId())).to.equal(undefined);
    expect(await repository.updateUser(database.db, createId(), { fullName: 'Other' })).to.equal(undefined);
    expect(await repository.deleteUser(database.db, createId())).to.equal(false);
  });

  it('finds a user with the hash by the address in another case', async () => {
    const made = await aUser(database.db, { email: normalizeEmailAddress('Quill@Case.Example'), passwordHash: 'hash' });

    const found = await repository.findUserByEmail(database.db, normalizeEmailAddress(' qUILL@case.EXAMPLE'));

    expect(found).to.deep.equal({ user: made, passwordHash: 'hash', credentialsVersion: 1 });
  });

  describe('with a deleted user', () => {
    it('never finds it, but keeps the row', async () => {
      const gone = await aUser(database.db, { role: 'admin', fullName: 'Gone Person' });
      const list = { sortBy: 'email', sortOrder: 'asc' } as const;

      expect(await repository.deleteUser(database.db, gone.id)).to.equal(true);

      expect(await repository.findUser(database.db, gone.id)).to.equal(undefined);
      expect(await repository.findUserForUpdate(database.db, gone.id)).to.equal(undefined);
      expect(await repository.findUserByEmail(database.db, gone.email)).to.equal(undefined);
      expect(await lists.listUsers(database.db, list, { limit: 10 })).not.to.deep.include(gone);
      expect(await searchUsers(database.db, list, 'Gone Person', { limit: 10 })).to.include({ total: 0 });
      expect(await repository.lockActiveAdmins(database.db)).not.to.include(gone.id);
      const [row] = await rowsOf(gone.email);
      expect(row?.deleted_at).to.be.instanceOf(Date);
      expect(row?.password_hash).to.equal('no hash');
    });

    it('neither updates nor deletes it again', async () => {
      const gone = await aUser(database.db);
      await repository.deleteUser(database.db, gone.id);
      const [before] = await rowsOf(gone.email);

      expect(await repository.updateUser(database.db, gone.id, { fullName: 'Back' })).to.equal(undefined);
      expect(await repository.deleteUser(database.db, gone.id)).to.equal(false);
      await repository.renewPasswordHash(database.db, gone.id, 'no hash', 'new hash');

      expect(await rowsOf(gone.email)).to.deep.equal([before]);
    });

    it('frees the address, any number of times', async () => {
      const first = await aUser(database.db);
      await repository.deleteUser(database.db, first.id);
      const second = await aUser(database.db, { email: first.email });
      await repository.deleteUser(database.db, second.id);

      const third = await aUser(database.db, { email: first.email });

      expect((await repository.findUserByEmail(database.db, first.email))?.user.id).to.equal(third.id);
      expect(await rowsOf(first.email)).to.have.length(3);
    });
  });

  describe('with an address that is taken', () => {
    it('throws email_taken, caused by the named constraint', async () => {
      const { email } = await aUser(database.db);

      const { thrown } = await together([() => aUser(database.db, { email })]);

      const [error] = thrown as [ServiceError];
      expect(error).to.be.instanceOf(ServiceError).with.property('code', 'email_taken');
      expect(error.cause).to.be.instanceOf(UniqueViolationError).with.property('constraint', 'users_email_key');
    });

    it('inserts one of many simultaneous users', async () => {
      const { email } = newUser();

      const { given, thrown } = await together(Array.from({ length: 8 }, () => () => aUser(database.db, { email })));

      expect(given).to.have.length(1);
      expect(thrown.map((error) => (error as ServiceError).code)).to.deep.equal(Array(7).fill('email_taken'));
      expect(await rowsOf(email)).to.have.length(1);
    });

    it('waits for the transaction that took it, and succeeds when that rolls back', async () => {
      const { email } = newUser();
      const holder = await database.db.transaction();
      await aUser(holder, { email });
      const waiting = aUser(database.db, { email });
      await untilItWaits(database.db, waiting);

      await holder.rollback();

      expect(await waiting).to.have.property('email', email);
    });

    it("doesn't mistake another violation for it", async () => {
      const { id } = await aUser(database.db);

      const { thrown } = await together([() => aUser(database.db, { id })]);

      expect(thrown[0]).to.be.instanceOf(UniqueViolationError).with.property('constraint', 'users_pkey');
    });
  });

  describe('with a change', () => {
    it('changes only the given fields', async () => {
      const before = await aUser(database.db);

      const after = await repository.updateUser(database.db, before.id, { role: 'moderator', fullName: undefined });

      const { updatedAt, ...others } = after!;
      const { updatedAt: earlier, ...kept } = before;
      expect(others).to.deep.equal({ ...kept, role: 'moderator', version: 2 });
      expect(updatedAt).to.be.above(earlier);
      expect(await repository.findUser(database.db, before.id)).to.deep.equal(after);
    });

    it('increments the version', async () => {
      const { id } = await aUser(database.db);

      const versions = [];
      for (const fullName of ['One', 'Two', 'Three']) {
        versions.push((await repository.updateUser(database.db, id, { fullName }))?.version);
      }

      expect(versions).to.deep.equal([2, 3, 4]);
    });

    it('loses no simultaneous change', async () => {
      const { id } = await aUser(database.db);

      await together(
        Array.from(
          { length: 8 },
          (_, index) => () => repository.updateUser(database.db, id, { fullName: `No ${index}` }),
        ),
      );

      expect(await repository.findUser(database.db, id)).to.have.property('version', 9);
    });

    it('advances updated_at each time, even twice in one transaction', async () => {
      const { id, updatedAt } = await aUser(database.db);

      const times = await database.database.transaction(async (db) => {
        const first = await repository.updateUser(db, id, { fullName: 'One' });
        const second = await repository.updateUser(db, id, { fullName: 'Two' });
        return [first!.updatedAt, second!.updatedAt].map(Number);
      });

      expect(times[0]).to.be.above(updatedAt.getTime());
      expect(times[1]).to.be.above(times[0]!);
      expect((await repository.findUser(database.db, id))?.updatedAt.getTime()).to.equal(times[1]);
    });

    it('advances updated_at even when the clock went back', async () => {
      const { id } = await aUser(database.db);
      await database
        .db('users')
        .where({ id })
        .update({ updated_at: new Date('2999-01-01T00:00:00Z') });

      const after = await repository.updateUser(database.db, id, { fullName: 'Later' });

      expect(after?.updatedAt.toISOString()).to.equal('2999-01-01T00:00:00.001Z');
    });

    it('rejects an unknown role', async () => {
      const { id } = await aUser(database.db);

      const { thrown } = await together([() => repository.updateUser(database.db, id, { role: 'owner' as 'admin' })]);

      expect(thrown[0]).to.have.property('constraint', 'users_role_check');
    });
  });

  describe('with a password hash', () => {
    it('replaces it without a new version', async () => {
      const { id, email } = await aUser(database.db, { passwordHash: 'old' });

      await repository.renewPasswordHash(database.db, id, 'old', 'new');

      const found = await repository.findUserByEmail(database.db, email);
      expect(found?.passwordHash).to.equal('new');
      expect(found?.user.version).to.equal(1);
    });

    it('keeps one that was changed meanwhile', async () => {
      const { id, email } = await aUser(database.db, { passwordHash: 'changed' });

      await repository.renewPasswordHash(database.db, id, 'old', 'new');

      expect((await repository.findUserByEmail(database.db, email))?.passwordHash).to.equal('changed');
    });
  });
});
