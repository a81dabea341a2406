/** Refresh tokens in the repository: each continues its session, and leaves nothing behind. */
import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { openDatabase, type Db } from '../../../src/platform/database/database.ts';
import type { RefreshToken } from '../../../src/features/sessions/refresh-tokens.ts';
import { findNamedSession, refreshSessions } from '../../../src/features/sessions/refresh.repository.ts';
import { endSession } from '../../../src/features/sessions/sessions.repository.ts';
import { deleteUser, raiseCredentialsVersion, updateUser } from '../../../src/features/users/users.repository.ts';
import { useDatabase } from '../../support/database.ts';
import { aHash, aUser, expireSession, together, untilItWaits } from '../factories.ts';
import { eventually } from '../../support/eventually.ts';
import { aToken, lastUsed, limits, refresh, tokenOf } from './refreshing.ts';

describe('a refresh token in the repository', () => {
  const database = useDatabase();
  const rowOf = (session: string) =>
    database
      .db('sessions')
      .where({ id: session })
      .first<{ generation: number; authenticated_at: Date; expires_at: Date; last_used_at: Date }>();
  const generationOf = async (session: string) => (await rowOf(session)).generation;
  const refreshAll = (db: Db, tokens: readonly RefreshToken[]) => refreshSessions(db, tokens, limits);
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: unknown) => (error as { code?: string }).code,
    );

  describe('continues its session', () => {
    it('to the next generation', async () => {
      const { session, user, secret, token } = await aToken(database.db);

      const continued = await refresh(database.db, token);

      const { authenticated_at: authenticatedAt, expires_at: expiresAt } = await rowOf(session);
      expect(continued).to.deep.equal({
        id: session,
        userId: user,
        expiresAt,
        authenticatedAt,
        methods: ['password'],
        generation: 1,
        secret,
      });
      expect(await generationOf(session)).to.equal(1);
    });

    it('in the time of a refresh', async () => {
      const { session, token } = await aToken(database.db);
      await lastUsed(database.db, session, 1000);

      await refresh(database.db, token);

      expect(Date.now() - (await rowOf(session)).last_used_at.getTime()).to.be.within(-1000, 10_000);
    });

    it('without another one', async () => {
      const [one, other] = [await aToken(database.db), await aToken(database.db)];

      await refresh(database.db, one.token);

      expect(await generationOf(other.session)).to.equal(0);
    });

    it('when its transaction before rolled back', async () => {
      const { session, token } = await aToken(database.db);
      const undone = await database.db.transaction();
      await refresh(undone, token);
      await undone.rollback();

      expect(await refresh(database.db, token)).to.include({ id: session, generation: 1 });
    });

    it('when the database was restored from a backup that is older than the token', async () => {
      const given = await aToken(database.db);

      expect(await refresh(database.db, tokenOf(given, 7))).to.have.property('generation', 8);
      expect(await refresh(database.db, tokenOf(given, 6))).to.equal(undefined);
    });
  });

  describe('repeated', () => {
    it('within the grace, gets the same successor, and changes nothing', async () => {
      const { session, token } = await aToken(database.db);
      const first = await refresh(database.db, token);
      await lastUsed(database.db, session, limits.graceSeconds - 5);
      const before = await rowOf(session);

      expect(await refresh(database.db, token)).to.deep.equal(first);

      expect(await rowOf(session)).to.deep.equal(before);
    });

    it('after the grace, gets nothing', async () => {
      const { session, token } = await aToken(database.db);
      await refresh(database.db, token);
      await lastUsed(database.db, session, limits.graceSeconds + 1);

      expect(await refresh(database.db, token)).to.equal(undefined);
    });

    it('without a grace, gets nothing', async () => {
      const { token } = await aToken(database.db);
      await refresh(database.db, token);

      expect(await refresh(database.db, token, { graceSeconds: 0 })).to.equal(undefined);
    });

    it('once its successor was used, gets nothing', async () => {
      const given = await aToken(database.db);
      await refresh(database.db, given.token);
      await refresh(database.db, tokenOf(given, 1));

      expect(await refresh(database.db, given.token)).to.equal(undefined);
      expect(await generationOf(given.session)).to.equal(2);
    });
  });

  describe('gets nothing', () => {
    const refused: Record<string, (given: Awaited<ReturnType<typeof aToken>>) => Promise<unknown>> = {
      'once its session has ended': ({ session }) => endSession(database.db, session),
      'once its session has expired': ({ session }) => expireSession(database.db, session),
      'once its session was idle for too long': ({ session }) => lastUsed(database.db, session, limits.idleSeconds + 1),
      'while its user is inactive': ({ user }) => updateUser(database.db, user, { isActive: false }),
      'once its user was deleted': ({ user }) => deleteUser(database.db, user),
      'once the credentials of its user have changed': ({ user }) => raiseCredentialsVersion(database.db, user),
      'for a session of Latchkey 0.1': ({ session }) =>
        database.db('sessions').where({ id: session }).update({ secret: null }),
      'once its session is deleted': ({ session }) => database.db('sessions').where({ id: session }).delete(),
    };
    for (const [when, happen] of Object.entries(refused)) {
      it(when, async () => {
        const given = await aToken(database.db);
        await happen(given);

        expect(await refresh(database.db, given.token)).to.equal(undefined);
      });
    }

    it('with the secret of another session', async () => {
      const { session, token } = await aToken(database.db);

      expect(await refresh(database.db, tokenOf({ session, secret: aHash() }))).to.equal(undefined);
      expect(await refresh(database.db, token)).to.have.property('generation', 1);
    });

    it('with a tag that is made of what is stored, since the server makes the proof', async () => {
      const { token, secret } = await aToken(database.db);

      for (const guess of [Buffer.alloc(0), Buffer.alloc(32), secret]) {
        const tag = createHash('sha256').update(guess).update(secret).digest();
        expect(await refresh(database.db, { ...token, tag })).to.equal(undefined);
      }
    });
  });

  describe('in a race', () => {
    it('continues its session once, and every request gets the same', async () => {
      const { session, token } = await aToken(database.db);

      const { given } = await together(Array.from({ length: 10 }, () => () => refresh(database.db, token)));

      expect(given.map((one) => one?.generation)).to.deep.equal(Array(10).fill(1));
      expect(await generationOf(session)).to.equal(1);
    });

    it('continues its session once within a batch, and every request gets the same', async () => {
      const { session, token } = await aToken(database.db);

      const given = await refreshAll(database.db, Array(8).fill(token));

      expect(given.map((one) => one?.generation)).to.deep.equal(Array(8).fill(1));
      expect(await generationOf(session)).to.equal(1);
    });

    it('gets its own successor beside its predecessor in one batch', async () => {
      const given = await aToken(database.db);
      await refresh(database.db, given.token);

      const both = await refreshAll(database.db, [given.token, tokenOf(given, 1), given.token]);

      expect(both.map((one) => one?.generation)).to.deep.equal([1, 2, 1]);
      expect(await generationOf(given.session)).to.equal(2);
    });

    it('has its own outcome within a batch', async () => {
      const [used, good, expired, altered] = [
        await aToken(database.db),
        await aToken(database.db),
        await aToken(database.db),
        await aToken(database.db),
      ];
      await expireSession(database.db, expired.session);
      const tokens = [used.token, good.token, expired.token, { ...altered.token, tag: aHash() }];
      for (const generation of [0, 1]) await refresh(database.db, tokenOf(used, generation));

      const given = await refreshAll(database.db, tokens);

      expect(given.map((one) => one?.id)).to.deep.equal([undefined, good.session, undefined, undefined]);
    });

    it('waits for the end of its session, and then gets nothing', async () => {
      const { session, token } = await aToken(database.db);
      const holder = await database.db.transaction();
      await endSession(holder, session);
      const late = refresh(database.db, token);
      await untilItWaits(database.db, late);

      await holder.commit();

      expect(await late).to.equal(undefined);
    });

    it("is locked in one order within a batch, so that batches don't deadlock", async () => {
      const [a, b] = [await aToken(database.db), await aToken(database.db)];
      const [one, other] = a.session < b.session ? [a, b] : [b, a];
      const holder = await database.db.transaction();
      await holder('sessions').where({ id: other.session }).forUpdate();
      const first = refreshAll(database.db, [other.token, one.token]);
      await untilItWaits(database.db, first);
      const second = refreshAll(database.db, [one.token, other.token]);
      await untilItWaits(database.db, second, 2);

      await holder.commit();

      for (const given of [await first, await second]) {
        expect(given.map((found) => found?.generation)).to.deep.equal([1, 1]);
      }
    });

    it('gets the same in a race of batches whose rows PostgreSQL finds in different orders', async function () {
      const url = new URL(database.url);
      const plans = ['', ...['nestloop', 'mergejoin', 'indexscan'].map((name) => `-c enable_${name}=off`)];
      const bounds = { poolMax: 1, connectTimeoutMs: 10_000, statementTimeoutMs: 20_000 };
      const pools = [plans[0]!, plans.slice(1).join(' '), plans[0]!, plans.slice(1).join(' ')].map((options) => {
        url.searchParams.set('options', options);
        return openDatabase(url.href, bounds);
      });
      const { user } = await aToken(database.db);

      for (let round = 0; round < 4; round++) {
        // In the table they lie the other way round than in the index.
        const { rows } = await database.db.raw<{ rows: { session: string; secret: Buffer }[] }>(
          `with made as (
            insert into sessions (id, user_id, expires_at, secret)
            select gen_random_uuid(), ?, now() + interval '1 hour', sha256(number::text::bytea)
            from generate_series(1, 1500) as number returning id, secret
          ) select id as session, secret from made order by id desc`,
          [user],
        );
        const tokens = rows.map((row) => tokenOf(row));

        const { given, thrown } = await together(
          pools.map(
            ({ pool }, index) =>
              () =>
                refreshAll(pool, index % 2 ? tokens : [...tokens].reverse()),
          ),
        );

        expect(thrown).to.deep.equal([]);
        expect(given.flat().every((found) => found?.generation === 1)).to.equal(true);
      }
      await Promise.all(pools.map((pool) => pool.close()));
    });
  });

  it("isn't used up by a statement that comes too late, which rolls back with its own error", async () => {
    const { session, token } = await aToken(database.db);
    // It may take effect for a second, while the session lets it wait for ten.
    const url = `${database.url}?statement_timeout=10000&lock_timeout=10000`;
    const refreshTooLate = async () => {
      const impatient = openDatabase(url, { poolMax: 1, connectTimeoutMs: 2000, statementTimeoutMs: 1 });
      const holder = await database.db.transaction();
      await holder('sessions').where({ id: session }).forUpdate();
      const late = codeOf(impatient.pool.transaction((db) => refresh(db, token)));
      await untilItWaits(database.db, late);
      await holder.raw('select pg_sleep(1.2)');
      await holder.commit();
      const code = await late;
      await impatient.close();
      return code;
    };

    // On a busy machine the client may give up first, and then there is nobody to tell.
    await eventually('the statement fails by itself', async () => (await refreshTooLate()) === '22012');

    expect(await generationOf(session)).to.equal(0);
  });

  it('is held against its session when it was refused', async () => {
    const { id: user, email } = await aUser(database.db);
    const { session, secret } = await aToken(database.db, user);

    const found = { id: session, userId: user, email, secret, isActive: true };
    expect(await findNamedSession(database.db, session, limits)).to.deep.equal(found);
    await endSession(database.db, session);
    expect(await findNamedSession(database.db, session, limits)).to.deep.equal({ ...found, isActive: false });
    expect(await findNamedSession(database.db, user, limits)).to.equal(undefined);
  });
});
