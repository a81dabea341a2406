import { expect } from 'chai';
import { v7 as createId } from 'uuid';
import type { Db } from '../../src/database/database.ts';
import { createRefreshToken, hashRefreshToken } from '../../src/crypto/refresh-tokens.ts';
import * as repository from '../../src/sessions/sessions.repository.ts';
import { deleteUser, updateUser } from '../../src/users/users.repository.ts';
import { useDatabase } from '../support/database.ts';
import { aHash, aSession, aUser, together, untilItWaits } from './factories.ts';

describe('sessions repository', () => {
  const database = useDatabase();
  const userOf = async (session: string) => (await repository.findSessionUsers(database.db, [session]))[0];
  const expire = (session: string) =>
    database.db.raw(`update sessions set expires_at = now() - interval '1 second' where id = ?`, [session]);

  describe('a session', () => {
    it('stands for its user', async () => {
      const user = await aUser(database.db, { role: 'moderator' });
      await aSession(database.db, (await aUser(database.db)).id);

      const session = await aSession(database.db, user.id);

      expect(await userOf(session)).to.deep.equal(user);
    });

    it('stands for its own user when several are asked for', async () => {
      const [one, other] = [await aUser(database.db), await aUser(database.db)];
      const [first, second] = [await aSession(database.db, one.id), await aSession(database.db, other.id)];

      const found = await repository.findSessionUsers(database.db, [first, createId(), second, first]);

      expect(found).to.deep.equal([one, undefined, other, one]);
    });

    it('shows its user as it is now', async () => {
      const user = await aUser(database.db);
      const session = await aSession(database.db, user.id);

      const changed = await updateUser(database.db, user.id, { role: 'admin' });

      expect(await userOf(session)).to.deep.equal(changed);
    });

    it('lives as long as it is told', async () => {
      const session = await aSession(database.db, (await aUser(database.db)).id, 1000);

      const found = await database.db.raw<{ rows: { seconds: string }[] }>(
        'select extract(epoch from expires_at - created_at) as seconds from sessions where id = ?',
        [session],
      );

      expect(Number(found.rows[0]?.seconds)).to.be.closeTo(1000, 0.01);
    });

    it('stands for nobody when it is unknown', async () => {
      expect(await userOf(createId())).to.equal(undefined);
    });

    it('stands for nobody once it is ended, and others stand', async () => {
      const { id } = await aUser(database.db);
      const [session, other] = [await aSession(database.db, id), await aSession(database.db, id)];

      await repository.endSession(database.db, session);

      expect(await userOf(session)).to.equal(undefined);
      expect(await userOf(other)).to.have.property('id', id);
    });

    it('keeps the time of its first end', async () => {
      const session = await aSession(database.db, (await aUser(database.db)).id);
      const endedAt = () => database.db('sessions').where({ id: session }).first('ended_at') as Promise<unknown>;
      await repository.endSession(database.db, session);
      await database.db.raw(`update sessions set ended_at = '2026-01-01' where id = ?`, [session]);
      const first = await endedAt();

      await repository.endSession(database.db, session);

      expect(await endedAt()).to.deep.equal(first);
    });

    it("ends with all of its user's, and nobody else's", async () => {
      const [one, other] = [await aUser(database.db), await aUser(database.db)];
      const sessions = [await aSession(database.db, one.id), await aSession(database.db, one.id)];
      const others = await aSession(database.db, other.id);

      await repository.endSessionsOfUser(database.db, one.id);

      expect(await Promise.all(sessions.map(userOf))).to.deep.equal([undefined, undefined]);
      expect(await userOf(others)).to.deep.equal(other);
    });

    it('stands for nobody once it is expired', async () => {
      const session = await aSession(database.db, (await aUser(database.db)).id);

      await expire(session);

      expect(await userOf(session)).to.equal(undefined);
    });

    it('stands for nobody while its user is inactive', async () => {
      const { id } = await aUser(database.db);
      const session = await aSession(database.db, id);

      await updateUser(database.db, id, { isActive: false });

      expect(await userOf(session)).to.equal(undefined);
    });

    it('stands for nobody once its user is deleted', async () => {
      const { id } = await aUser(database.db);
      const session = await aSession(database.db, id);

      await deleteUser(database.db, id);

      expect(await userOf(session)).to.equal(undefined);
    });

    it('is not begun for users who are inactive, deleted or unknown', async () => {
      const [inactive, deleted] = [await aUser(database.db), await aUser(database.db)];
      await updateUser(database.db, inactive.id, { isActive: false });
      await deleteUser(database.db, deleted.id);

      for (const userId of [inactive.id, deleted.id, createId()]) {
        expect(await repository.insertSession(database.db, createId(), userId, 60)).to.equal(false);
        expect(await database.db('sessions').where({ user_id: userId })).to.deep.equal([]);
      }
    });

    it('waits for a deactivation that is under way, and is not begun after it', async () => {
      const { id } = await aUser(database.db);
      const holder = await database.db.transaction();
      await updateUser(holder, id, { isActive: false });
      const begun = repository.insertSession(database.db, createId(), id, 60);
      await untilItWaits(database.db, begun);

      await holder.commit();

      expect(await begun).to.equal(false);
    });
  });

  describe('a refresh token', () => {
    const rotate = async (db: Db, usedHash: Buffer, nextHash = aHash()) =>
      (await repository.rotateRefreshTokens(db, [{ usedHash, nextHash }]))[0];
    const exchange = async (db: Db, hash: Buffer, next?: Buffer) => (await rotate(db, hash, next))?.sessionId;
    const aToken = async (used = false) => {
      const session = await aSession(database.db, (await aUser(database.db)).id);
      const hash = aHash();
      await repository.insertRefreshToken(database.db, hash, session);
      if (used) await exchange(database.db, hash);
      return { session, hash };
    };

    it('gives its session once', async () => {
      const { session, hash } = await aToken();

      expect(await exchange(database.db, hash)).to.equal(session);
      expect(await exchange(database.db, hash)).to.equal(undefined);
    });

    it('is followed by another of the same session, and user', async () => {
      const { session, hash } = await aToken();
      const next = aHash();

      const exchanged = await rotate(database.db, hash, next);

      expect(exchanged?.user).to.deep.equal(await userOf(session));
      expect(await exchange(database.db, next)).to.equal(session);
    });

    it('is used up and followed by none when its session is expired', async () => {
      const { session, hash } = await aToken();
      const next = aHash();
      await expire(session);

      const exchanged = await rotate(database.db, hash, next);

      expect(exchanged).to.deep.equal({ sessionId: session, user: undefined });
      expect(await exchange(database.db, hash)).to.equal(undefined);
      expect(await repository.findRefreshTokenSession(database.db, next)).to.equal(undefined);
    });

    it('gives its session once to many who come at the same time', async () => {
      const { session, hash } = await aToken();

      const { given } = await together(Array.from({ length: 8 }, () => () => exchange(database.db, hash)));

      expect(given).to.have.length(8);
      expect(given.filter((found) => found !== undefined)).to.deep.equal([session]);
    });

    it('gives its session once to many who come together', async () => {
      const { session, hash } = await aToken();
      const rotations = Array.from({ length: 8 }, () => ({ usedHash: hash, nextHash: aHash() }));

      const rotated = await repository.rotateRefreshTokens(database.db, rotations);

      expect(rotated.filter((one) => one !== undefined)).to.deep.equal([
        { sessionId: session, user: await userOf(session) },
      ]);
      const next = rotations[rotated.findIndex((one) => one !== undefined)]?.nextHash;
      expect(await exchange(database.db, next ?? aHash())).to.equal(session);
    });

    it('comes to its own end, whoever comes together with it', async () => {
      const [used, good, expired] = [await aToken(true), await aToken(), await aToken()];
      await expire(expired.session);
      const hashes = [aHash(), good.hash, used.hash, expired.hash];

      const rotated = await repository.rotateRefreshTokens(
        database.db,
        hashes.map((usedHash) => ({ usedHash, nextHash: aHash() })),
      );

      expect(rotated).to.deep.equal([
        undefined,
        { sessionId: good.session, user: await userOf(good.session) },
        undefined,
        { sessionId: expired.session, user: undefined },
      ]);
    });

    it('is waited for in one order where there are many, so that no two wait for each other', async () => {
      const [a, b] = [await aToken(), await aToken()];
      const [one, other] = a.hash.compare(b.hash) < 0 ? [a.hash, b.hash] : [b.hash, a.hash];
      const rotateBoth = (...hashes: Buffer[]) =>
        repository.rotateRefreshTokens(
          database.db,
          hashes.map((usedHash) => ({ usedHash, nextHash: aHash() })),
        );
      await database.db.raw(
        `insert into refresh_tokens (token_hash, session_id)
          select sha256(number::text::bytea), session_id from generate_series(1, 20000) as number, refresh_tokens
          where token_hash = ?`,
        [one],
      );
      await database.db.raw('analyze refresh_tokens');
      const holder = await database.db.transaction();
      await holder('refresh_tokens').where({ token_hash: other }).forUpdate();
      const first = rotateBoth(other, one);
      await untilItWaits(database.db, first);
      const second = rotateBoth(one, other);
      await untilItWaits(database.db, second, 2);

      await holder.commit();

      expect((await first).every((found) => found !== undefined)).to.equal(true);
      expect(await second).to.deep.equal([undefined, undefined]);
    });

    it('works still when the transaction that used it is undone', async () => {
      const { session, hash } = await aToken();
      const undone = await database.db.transaction();
      await exchange(undone, hash);
      await undone.rollback();

      expect(await exchange(database.db, hash)).to.equal(session);
    });

    it('uses up itself only', async () => {
      const [one, other] = [await aToken(), await aToken()];

      await exchange(database.db, one.hash);

      expect(await exchange(database.db, other.hash)).to.equal(other.session);
    });

    it('gives nothing when it is unknown', async () => {
      expect(await exchange(database.db, aHash())).to.equal(undefined);
      expect(await repository.findRefreshTokenSession(database.db, aHash())).to.equal(undefined);
    });

    for (const used of [false, true]) {
      it(`tells the session that it ${used ? 'belonged' : 'belongs'} to`, async () => {
        const { session, hash } = await aToken(used);

        expect(await repository.findRefreshTokenSession(database.db, hash)).to.equal(session);
      });
    }

    it('is nowhere in the database but as a hash', async () => {
      const token = createRefreshToken();
      const session = await aSession(database.db, (await aUser(database.db)).id);
      await repository.insertRefreshToken(database.db, hashRefreshToken(token), session);

      const { rows } = await database.db.raw<{ rows: { line: string }[] }>(
        `select t::text as line from refresh_tokens t union all select s::text from sessions s`,
      );

      const lines = rows.map(({ line }) => line).join('\n');
      expect(lines).to.include(hashRefreshToken(token).toString('hex'));
      expect(lines).not.to.include(token);
      expect(lines).not.to.include(Buffer.from(token).toString('hex'));
    });

    it('goes with its session when that is expired and deleted; others stay', async () => {
      const [expired, standing] = [await aToken(true), await aToken(true)];
      const ended = await aToken();
      await expire(expired.session);
      await repository.endSession(database.db, ended.session);

      const count = await repository.deleteExpiredSessions(database.db, 100);

      expect(count).to.be.at.least(1);
      expect(await database.db('sessions').where({ id: expired.session })).to.deep.equal([]);
      expect(await repository.findRefreshTokenSession(database.db, expired.hash)).to.equal(undefined);
      expect(await repository.findRefreshTokenSession(database.db, standing.hash)).to.equal(standing.session);
      expect(await repository.findRefreshTokenSession(database.db, ended.hash)).to.equal(ended.session);
    });
  });

  it('plans its frequent queries once, however many they are asked for', async () => {
    const ids = [createId(), createId()];

    await database.db.transaction(async (db) => {
      for (let time = 0; time < 20; time++) {
        await repository.findSessionUsers(db, ids.slice(time % 2));
        const rotations = ids.slice(time % 2).map(() => ({ usedHash: aHash(), nextHash: aHash() }));
        await repository.rotateRefreshTokens(db, rotations);
      }
      const { rows } = await db.raw<{ rows: { name: string; plans: string }[] }>(
        `select name, custom_plans as plans from pg_prepared_statements order by name`,
      );

      // PostgreSQL tries five times what a plan of its own is worth.
      expect(rows).to.deep.include.members([
        { name: 'rotate_refresh_tokens', plans: '5' },
        { name: 'session_users', plans: '5' },
      ]);
    });
  });
});
