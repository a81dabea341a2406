/** Refresh tokens in the sessions repository: each works once, has one successor, and is deleted with its session. */
import { expect } from 'chai';
import { openDatabase, type Db } from '../../../src/platform/database/database.ts';
import { createRefreshToken, hashRefreshToken } from '../../../src/features/sessions/refresh-tokens.ts';
import * as repository from '../../../src/features/sessions/sessions.repository.ts';
import { useDatabase } from '../../support/database.ts';
import { aHash, aSession, aUser, expireSession, together, untilItWaits } from '../factories.ts';

describe('a refresh token in the repository', () => {
  const database = useDatabase();
  const userOf = async (session: string) => (await repository.findSessionUsers(database.db, [session]))[0];
  const beginOf = async (session: string) => {
    const [row] = await database.db('sessions').where({ id: session }).select('created_at');
    return row.created_at as Date;
  };
  const rotate = async (db: Db, usedHash: Buffer, nextHash = aHash()) =>
    (await repository.rotateRefreshTokens(db, [{ usedHash, nextHash }]))[0];
  const exchange = async (db: Db, hash: Buffer, next?: Buffer) => (await rotate(db, hash, next))?.sessionId;
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: unknown) => (error as { code?: string }).code,
    );
  const aToken = async (used = false) => {
    const session = await aSession(database.db, (await aUser(database.db)).id);
    const hash = aHash();
    await repository.insertRefreshToken(database.db, hash, session);
    if (used) await exchange(database.db, hash);
    return { session, hash };
  };

  it('yields its session once', async () => {
    const { session, hash } = await aToken();

    expect(await exchange(database.db, hash)).to.equal(session);
    expect(await exchange(database.db, hash)).to.equal(undefined);
  });

  it('is succeeded by another of the same session and user', async () => {
    const { session, hash } = await aToken();
    const next = aHash();

    const exchanged = await rotate(database.db, hash, next);

    expect(exchanged?.user).to.deep.equal(await userOf(session));
    expect(await exchange(database.db, next)).to.equal(session);
  });

  it('is used up without a successor when its session has expired', async () => {
    const { session, hash } = await aToken();
    const next = aHash();
    await expireSession(database.db, session);

    const exchanged = await rotate(database.db, hash, next);

    expect(exchanged).to.deep.equal({ sessionId: session, user: undefined });
    expect(await exchange(database.db, hash)).to.equal(undefined);
    expect(await repository.findRefreshTokenSession(database.db, next)).to.equal(undefined);
  });

  it('yields its session once to simultaneous requests', async () => {
    const { session, hash } = await aToken();

    const { given } = await together(Array.from({ length: 8 }, () => () => exchange(database.db, hash)));

    expect(given).to.have.length(8);
    expect(given.filter((found) => found !== undefined)).to.deep.equal([session]);
  });

  it('yields its session once within a batch', async () => {
    const { session, hash } = await aToken();
    const rotations = Array.from({ length: 8 }, () => ({ usedHash: hash, nextHash: aHash() }));

    const rotated = await repository.rotateRefreshTokens(database.db, rotations);

    expect(rotated.filter((one) => one !== undefined)).to.deep.equal([
      { sessionId: session, user: await userOf(session), authenticatedAt: await beginOf(session) },
    ]);
    const next = rotations[rotated.findIndex((one) => one !== undefined)]?.nextHash;
    expect(await exchange(database.db, next ?? aHash())).to.equal(session);
  });

  it('has its own outcome within a batch', async () => {
    const [used, good, expired] = [await aToken(true), await aToken(), await aToken()];
    await expireSession(database.db, expired.session);
    const hashes = [aHash(), good.hash, used.hash, expired.hash];

    const rotated = await repository.rotateRefreshTokens(
      database.db,
      hashes.map((usedHash) => ({ usedHash, nextHash: aHash() })),
    );

    expect(rotated).to.deep.equal([
      undefined,
      { sessionId: good.session, user: await userOf(good.session), authenticatedAt: await beginOf(good.session) },
      undefined,
      { sessionId: expired.session, user: undefined },
    ]);
  });

  it("is locked in one order within a batch, so that batches don't deadlock", async () => {
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

  it('is rotated once in a race of batches whose rows PostgreSQL finds in different orders', async function () {
    this.timeout(60_000);
    const url = new URL(database.url);
    const plans = ['', ...['nestloop', 'mergejoin', 'indexscan'].map((name) => `-c enable_${name}=off`)];
    const bounds = { poolMax: 1, connectTimeoutMs: 10_000, statementTimeoutMs: 20_000 };
    const pools = [plans[0]!, plans.slice(1).join(' '), plans[0]!, plans.slice(1).join(' ')].map((options) => {
      url.searchParams.set('options', options);
      return openDatabase(url.href, bounds);
    });
    const session = await aSession(database.db, (await aUser(database.db)).id);
    const rotateAll = (pool: Db, hashes: readonly Buffer[]) =>
      repository.rotateRefreshTokens(
        pool,
        hashes.map((usedHash) => ({ usedHash, nextHash: aHash() })),
      );

    for (let round = 0; round < 4; round++) {
      // The table has them in the opposite order from the index.
      const hashes = Array.from({ length: 1500 }, aHash).sort((one, other) => other.compare(one));
      await database.db('refresh_tokens').insert(hashes.map((token_hash) => ({ token_hash, session_id: session })));

      const { given, thrown } = await together(
        pools.map(
          ({ pool }, index) =>
            () =>
              rotateAll(pool, index % 2 ? hashes : [...hashes].reverse()),
        ),
      );

      expect(thrown).to.deep.equal([]);
      expect(given.flat().filter((found) => found !== undefined)).to.have.length(hashes.length);
    }
    await Promise.all(pools.map((pool) => pool.close()));
  });

  it("isn't used up by a statement that comes too late, which rolls back with its own error", async () => {
    const { session, hash } = await aToken();
    // It may take effect within a second, but the session allows it to wait for ten.
    const url = `${database.url}?statement_timeout=10000&lock_timeout=10000`;
    const impatient = openDatabase(url, { poolMax: 1, connectTimeoutMs: 2000, statementTimeoutMs: 1 });
    const holder = await database.db.transaction();
    await holder('refresh_tokens').where({ token_hash: hash }).forUpdate();

    const late = codeOf(impatient.pool.transaction((db) => rotate(db, hash)));
    await holder.raw('select pg_sleep(1.2)');
    await holder.commit();

    expect(await late).to.equal('22012');
    await impatient.close();
    expect(await exchange(database.db, hash)).to.equal(session);
  });

  it('still works when the transaction that used it rolls back', async () => {
    const { session, hash } = await aToken();
    const undone = await database.db.transaction();
    await exchange(undone, hash);
    await undone.rollback();

    expect(await exchange(database.db, hash)).to.equal(session);
  });

  it('uses up only itself', async () => {
    const [one, other] = [await aToken(), await aToken()];

    await exchange(database.db, one.hash);

    expect(await exchange(database.db, other.hash)).to.equal(other.session);
  });

  it('yields nothing when unknown', async () => {
    expect(await exchange(database.db, aHash())).to.equal(undefined);
    expect(await repository.findRefreshTokenSession(database.db, aHash())).to.equal(undefined);
  });

  for (const used of [false, true]) {
    it(`names the session that it ${used ? 'belonged' : 'belongs'} to`, async () => {
      const { session, hash } = await aToken(used);

      expect(await repository.findRefreshTokenSession(database.db, hash)).to.equal(session);
    });
  }

  it('is stored only as a hash', async () => {
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

  it('is deleted with its expired session, unlike others', async () => {
    const [expired, standing] = [await aToken(true), await aToken(true)];
    const ended = await aToken();
    await expireSession(database.db, expired.session);
    await repository.endSession(database.db, ended.session);

    const count = await repository.deleteExpiredSessions(database.db, 100);

    expect(count).to.be.at.least(1);
    expect(await database.db('sessions').where({ id: expired.session })).to.deep.equal([]);
    expect(await repository.findRefreshTokenSession(database.db, expired.hash)).to.equal(undefined);
    expect(await repository.findRefreshTokenSession(database.db, standing.hash)).to.equal(standing.session);
    expect(await repository.findRefreshTokenSession(database.db, ended.hash)).to.equal(ended.session);
  });
});
