import { expect } from 'chai';
import { UniqueViolationError } from 'objection';
import { randomUUID } from 'node:crypto';
import {
  deleteExpiredReplies,
  deleteRepliesOfUser,
  findReply,
  insertReply,
  type StoredReply,
} from '../../../src/features/idempotency/idempotency.repository.ts';
import { useDatabase } from '../../support/database.ts';
import { aHash, together } from '../factories.ts';

const aReply = (changes: Partial<StoredReply> = {}): StoredReply => ({
  fingerprint: aHash(),
  status: 201,
  headers: { Location: '/api/v1/users/1', ETag: '"1.1"' },
  body: '{"name":"Zoë \\u0000 🦊"}',
  ...changes,
});

describe('idempotency repository', () => {
  const database = useDatabase();
  const store = (hash: Buffer, reply = aReply(), ttlSeconds = 60, owners = { userId: randomUUID() }) =>
    insertReply(database.db, hash, reply, owners, ttlSeconds);
  const find = (hash: Buffer) => findReply(database.db, hash);
  const expire = (hash: Buffer) =>
    database.db.raw(`update idempotency_keys set expires_at = now() - interval '1 second' where key_hash = ?`, [hash]);

  it('returns what was stored', async () => {
    const [hash, reply] = [aHash(), aReply()];

    await store(hash, reply);

    expect(await find(hash)).to.include({ status: 201, body: reply.body });
    expect((await find(hash))?.headers).to.deep.equal(reply.headers);
    expect((await find(hash))?.fingerprint).to.deep.equal(reply.fingerprint);
  });

  it('finds nothing under another key', async () => {
    await store(aHash());

    expect(await find(aHash())).to.equal(undefined);
  });

  it('keeps a reply as long as requested', async () => {
    const hash = aHash();
    const before = Date.now();

    await store(hash, aReply(), 1000);

    const ofKey = database.db('idempotency_keys').where({ key_hash: hash });
    const row = await ofKey.first<{ expires_at: Date } | undefined>('expires_at');
    // Times are stored in milliseconds, rounded.
    expect(row?.expires_at.getTime()).to.be.within(before + 999_999, Date.now() + 1_000_001);
  });

  it('finds no expired reply', async () => {
    const hash = aHash();
    await store(hash);

    await expire(hash);

    expect(await find(hash)).to.equal(undefined);
  });

  it('replaces an expired reply', async () => {
    const [hash, later] = [aHash(), aReply({ status: 200, body: 'later' })];
    await store(hash);
    await expire(hash);

    await store(hash, later);

    expect(await find(hash)).to.include({ status: 200, body: 'later' });
  });

  it('rejects a second reply while the first is valid, by a named constraint', async () => {
    const hash = aHash();
    await store(hash, aReply({ body: 'first' }));

    const { thrown } = await together([() => store(hash, aReply({ body: 'second' }))]);

    expect(thrown[0]).to.be.instanceOf(UniqueViolationError).with.property('constraint', 'idempotency_keys_pkey');
    expect(await find(hash)).to.have.property('body', 'first');
  });

  for (const earlier of ['nothing', 'an expired reply'] as const) {
    it(`stores one of many simultaneous replies after ${earlier}`, async () => {
      const hash = aHash();
      if (earlier === 'an expired reply') {
        await store(hash, aReply({ body: 'earlier' }));
        await expire(hash);
      }

      const { given, thrown } = await together(
        Array.from(
          { length: 8 },
          (_, index) => () =>
            database.database.transaction(async (db) => {
              await insertReply(db, hash, aReply({ body: `number ${index}` }), { userId: randomUUID() }, 60);
              return `number ${index}`;
            }),
        ),
      );

      expect(given).to.have.length(1);
      for (const error of thrown) expect(error).to.be.instanceOf(UniqueViolationError);
      expect(await find(hash)).to.have.property('body', given[0]);
    });
  }

  it('stores nothing of a transaction that rolls back', async () => {
    const hash = aHash();
    const undone = await database.db.transaction();
    await insertReply(undone, hash, aReply(), { userId: randomUUID() }, 60);

    await undone.rollback();

    expect(await find(hash)).to.equal(undefined);
  });

  it('deletes exactly the replies that show a user or were sent to them', async () => {
    const [userId, other] = [randomUUID(), randomUUID()];
    const [shows, given, others] = [aHash(), aHash(), aHash()];
    await insertReply(database.db, shows, aReply(), { userId, principalId: other }, 60);
    await insertReply(database.db, given, aReply(), { userId: other, principalId: userId }, 60);
    await insertReply(database.db, others, aReply(), { userId: other }, 60);

    await deleteRepliesOfUser(database.db, userId);

    expect(await Promise.all([shows, given, others].map(find))).to.satisfy(
      ([one, two, three]: unknown[]) => one === undefined && two === undefined && three !== undefined,
    );
  });

  it('deletes exactly the expired replies', async () => {
    const [expired, valid] = [aHash(), aHash()];
    await store(expired);
    await store(valid);
    await expire(expired);

    await deleteExpiredReplies(database.db, 100);

    const rows = await database
      .db('idempotency_keys')
      .whereIn('key_hash', [expired, valid])
      .pluck<Buffer[]>('key_hash');
    expect(rows).to.deep.equal([valid]);
  });
});
