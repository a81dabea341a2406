import { expect } from 'chai';
import { v7 as createId } from 'uuid';
import * as repository from '../../../src/features/sessions/sessions.repository.ts';
import { refreshSessions } from '../../../src/features/sessions/refresh.repository.ts';
import { deleteUser, raiseCredentialsVersion, updateUser } from '../../../src/features/users/users.repository.ts';
import type { SessionMethod } from '../../../src/features/sessions/session.ts';
import { aClient } from '../../support/a-client.ts';
import { useDatabase } from '../../support/database.ts';
import { limits, tokenOf } from './refreshing.ts';
import { aHash, aSession, aUser, expireSession, newSession, untilItWaits } from '../factories.ts';

describe('sessions repository', () => {
  const database = useDatabase();
  const userOf = async (session: string) => (await repository.findSessionUsers(database.db, [session]))[0];

  describe('a session', () => {
    it('finds its user', async () => {
      const user = await aUser(database.db, { role: 'moderator' });
      await aSession(database.db, (await aUser(database.db)).id);

      const session = await aSession(database.db, user.id);

      expect(await userOf(session)).to.deep.equal(user);
    });

    it('finds its own user in a batch', async () => {
      const [one, other] = [await aUser(database.db), await aUser(database.db)];
      const [first, second] = [await aSession(database.db, one.id), await aSession(database.db, other.id)];

      const found = await repository.findSessionUsers(database.db, [first, createId(), second, first]);

      expect(found).to.deep.equal([one, undefined, other, one]);
    });

    it('returns the current state of its user', async () => {
      const user = await aUser(database.db);
      const session = await aSession(database.db, user.id);

      const changed = await updateUser(database.db, user.id, { role: 'admin' });

      expect(await userOf(session)).to.deep.equal(changed);
    });

    it('lives as long as requested', async () => {
      const session = await aSession(database.db, (await aUser(database.db)).id, { ttlSeconds: 1000 });

      const found = await database.db.raw<{ rows: { seconds: string }[] }>(
        'select extract(epoch from expires_at - created_at) as seconds from sessions where id = ?',
        [session],
      );

      expect(Number(found.rows[0]?.seconds)).to.be.closeTo(1000, 0.01);
    });

    it('finds nobody when unknown', async () => {
      expect(await userOf(createId())).to.equal(undefined);
    });

    it('finds nobody once ended, unlike others', async () => {
      const { id } = await aUser(database.db);
      const [session, other] = [await aSession(database.db, id), await aSession(database.db, id)];

      await repository.endSession(database.db, session);

      expect(await userOf(session)).to.equal(undefined);
      expect(await userOf(other)).to.have.property('id', id);
    });

    it('keeps the time it first ended', async () => {
      const session = await aSession(database.db, (await aUser(database.db)).id);
      const endedAt = () => database.db('sessions').where({ id: session }).first('ended_at') as Promise<unknown>;
      await repository.endSession(database.db, session);
      await database.db.raw(`update sessions set ended_at = '2026-01-01' where id = ?`, [session]);
      const first = await endedAt();

      await repository.endSession(database.db, session);

      expect(await endedAt()).to.deep.equal(first);
    });

    it("ends with all sessions of its user, and nobody else's", async () => {
      const [one, other] = [await aUser(database.db), await aUser(database.db)];
      const sessions = [await aSession(database.db, one.id), await aSession(database.db, one.id)];
      const others = await aSession(database.db, other.id);

      await repository.endSessionsOfUser(database.db, one.id);

      expect(await Promise.all(sessions.map(userOf))).to.deep.equal([undefined, undefined]);
      expect(await userOf(others)).to.deep.equal(other);
    });

    it('finds nobody once expired', async () => {
      const session = await aSession(database.db, (await aUser(database.db)).id);

      await expireSession(database.db, session);

      expect(await userOf(session)).to.equal(undefined);
    });

    it('finds nobody while its user is inactive', async () => {
      const { id } = await aUser(database.db);
      const session = await aSession(database.db, id);

      await updateUser(database.db, id, { isActive: false });

      expect(await userOf(session)).to.equal(undefined);
    });

    it('finds nobody once its user is deleted', async () => {
      const { id } = await aUser(database.db);
      const session = await aSession(database.db, id);

      await deleteUser(database.db, id);

      expect(await userOf(session)).to.equal(undefined);
    });

    it('finds nobody once the credentials of its user have changed, whoever changed them', async () => {
      const [user, other] = [await aUser(database.db), await aUser(database.db)];
      const sessions = [await aSession(database.db, user.id), await aSession(database.db, other.id)];

      await raiseCredentialsVersion(database.db, user.id);

      expect(await repository.findSessionUsers(database.db, sessions)).to.deep.equal([undefined, other]);
    });

    it('begins under the credentials that were proved, if its user still has them', async () => {
      const user = await aUser(database.db);
      await raiseCredentialsVersion(database.db, user.id);

      expect(await repository.insertSession(database.db, newSession(user.id))).to.equal('outdated');
      expect(await userOf(await aSession(database.db, user.id, { credentialsVersion: 2 }))).to.deep.equal(user);
    });

    it('outlives a change of credentials alone when it is kept', async () => {
      const [user, other] = [await aUser(database.db), await aUser(database.db)];
      const [kept, ended] = [await aSession(database.db, user.id), await aSession(database.db, user.id)];
      const others = await aSession(database.db, other.id);
      await raiseCredentialsVersion(database.db, user.id);

      await repository.endOtherSessionsOfUser(database.db, user.id, kept);
      await repository.renewCredentialsVersion(database.db, user.id, kept);

      const found = await repository.findSessionUsers(database.db, [kept, ended, others]);
      expect(found).to.deep.equal([user, undefined, other]);
      expect(await database.db('sessions').where({ id: ended }).first('ended_at')).to.have.property('ended_at').not
        .null;
    });

    it("isn't kept for another user", async () => {
      const [user, other] = [await aUser(database.db), await aUser(database.db)];
      const others = await aSession(database.db, other.id);
      await raiseCredentialsVersion(database.db, other.id);

      await repository.renewCredentialsVersion(database.db, user.id, others);

      expect(await userOf(others)).to.equal(undefined);
    });

    it('stores by what method and from where it began', async () => {
      const { id } = await aUser(database.db);
      const client = aClient({ address: '2001:db8::1', userAgent: 'curl/8.0' });

      const session = await aSession(database.db, id, { methods: ['password'], client });

      const row = await database.db('sessions').where({ id: session }).first();
      expect(row).to.include({ ip_address: '2001:db8::1', user_agent: 'curl/8.0' });
      expect(row.methods).to.deep.equal(['password']);
      expect(row.authenticated_at).to.deep.equal(row.created_at);
    });

    it('begins without an address and a User-Agent', async () => {
      const { id } = await aUser(database.db);

      const session = await aSession(database.db, id, { client: aClient({ address: '', userAgent: undefined }) });

      const row = await database.db('sessions').where({ id: session }).first();
      expect(row).to.include({ ip_address: null, user_agent: null });
    });

    it("can't begin for inactive, deleted or unknown users", async () => {
      const [inactive, deleted] = [await aUser(database.db), await aUser(database.db)];
      await updateUser(database.db, inactive.id, { isActive: false });
      await deleteUser(database.db, deleted.id);

      for (const userId of [inactive.id, deleted.id, createId()]) {
        expect(await repository.insertSession(database.db, newSession(userId))).to.equal('disabled');
        expect(await database.db('sessions').where({ user_id: userId })).to.deep.equal([]);
      }
    });

    describe('of a user with a second factor', () => {
      const two: SessionMethod[][] = [['passkey'], ['password', 'totp'], ['email_code', 'recovery_code']];
      const one: SessionMethod[][] = [['password'], ['email_code'], ['password', 'email_code'], ['totp'], []];
      const addFactor = (userId: string, changes: object = { confirmed_at: new Date() }, db = database.db) =>
        db('factors').insert({ id: createId(), user_id: userId, kind: 'totp', name: 'Phone', ...changes });

      for (const methods of one) {
        it(`can't begin by ${methods.join(' and ') || 'nothing'}`, async () => {
          const { id } = await aUser(database.db);
          await addFactor(id);

          expect(await repository.insertSession(database.db, newSession(id, { methods }))).to.equal('one_factor');
          expect(await database.db('sessions').where({ user_id: id })).to.deep.equal([]);
        });

        it(`can't go on by ${methods.join(' and ') || 'nothing'}`, async () => {
          const { id: userId } = await aUser(database.db);
          const id = await aSession(database.db, userId, { methods: ['password'] });
          await addFactor(userId);
          const before = await database.db('sessions').where({ id }).first();

          const proof = { id, userId, credentialsVersion: 1, methods, secret: aHash() };

          expect(await repository.renewProof(database.db, proof)).to.equal('one_factor');
          expect(await database.db('sessions').where({ id }).first()).to.deep.equal(before);
        });
      }

      for (const methods of two) {
        it(`begins and goes on by ${methods.join(' and ')}`, async () => {
          const { id: userId } = await aUser(database.db);
          await addFactor(userId);

          const id = await aSession(database.db, userId, { methods });
          const proof = { id, userId, credentialsVersion: 1, methods, secret: aHash() };

          expect(await repository.renewProof(database.db, proof)).to.deep.include({ id, methods });
        });
      }

      it('needs no second one while the factor is not confirmed, or is that of somebody else', async () => {
        const [user, other] = [await aUser(database.db), await aUser(database.db)];
        await addFactor(user.id, { confirmed_at: null });
        await addFactor(other.id);

        expect(await repository.insertSession(database.db, newSession(user.id))).to.equal('started');
      });

      it("doesn't begin by one factor when another is added at the same time", async () => {
        const { id } = await aUser(database.db);
        const holder = await database.db.transaction();
        await raiseCredentialsVersion(holder, id);
        await addFactor(id, { confirmed_at: new Date() }, holder);
        const begun = repository.insertSession(database.db, newSession(id));
        await untilItWaits(database.db, begun);

        await holder.commit();

        expect(await begun).to.equal('outdated');
        expect(await repository.insertSession(database.db, newSession(id, { credentialsVersion: 2 }))).to.equal(
          'one_factor',
        );
      });
    });

    it("waits for a concurrent deactivation, and then doesn't begin", async () => {
      const { id } = await aUser(database.db);
      const holder = await database.db.transaction();
      await updateUser(holder, id, { isActive: false });
      const begun = repository.insertSession(database.db, newSession(id));
      await untilItWaits(database.db, begun);

      await holder.commit();

      expect(await begun).to.equal('disabled');
    });
  });

  it('plans its hot queries once, for one session and for any number', async () => {
    const ids = [createId(), createId()];

    await database.db.transaction(async (db) => {
      for (let time = 0; time < 20; time++) {
        await repository.findSessionUsers(db, ids.slice(time % 2));
        const tokens = ids.slice(time % 2).map((session) => tokenOf({ session, secret: aHash() }));
        await refreshSessions(db, tokens, limits);
      }
      const { rows } = await db.raw<{ rows: { plans: string }[] }>(
        `select custom_plans as plans from pg_prepared_statements where statement ~ 'unnest|sessions.id = \\$1'`,
      );

      // PostgreSQL makes five custom plans before it settles on a generic one.
      expect(rows).to.deep.equal([{ plans: '5' }, { plans: '5' }, { plans: '5' }]);
    });
  });
});
