import { expect } from 'chai';
import { createSecretKey } from 'node:crypto';
import type * as idempotencyRepository from '../../../src/features/idempotency/idempotency.repository.ts';
import type { StoredReply } from '../../../src/features/idempotency/idempotency.repository.ts';
import { createIdempotencyService } from '../../../src/features/idempotency/idempotency.service.ts';
import type { KeptReply, RepeatableRequest } from '../../../src/http/idempotency.ts';
import type { Db } from '../../../src/platform/database/database.ts';
import { codeOf, failureOf } from '../platform/failures.ts';
import { database, transaction } from '../platform/stub-database.ts';

const request = { scope: ['makeThing'], key: 'key-1', body: { name: 'kite', size: { w: 1, h: 2 } } };
const answer: KeptReply = { status: 201, headers: { Location: '/things/1' }, body: { id: 1 } };

function given() {
  const kept = new Map<string, StoredReply>();
  const notes: { db: Db; ttlSeconds: number; owners: object }[] = [];
  const replies: typeof idempotencyRepository = {
    findReply: async (_db, keyHash) => kept.get(keyHash.toString('hex')),
    async insertReply(db, keyHash, reply, owners, ttlSeconds) {
      notes.push({ db, ttlSeconds, owners });
      kept.set(keyHash.toString('hex'), reply);
    },
    deleteRepliesOfUser: async () => {},
    deleteExpiredReplies: async () => 0,
  };
  const service = createIdempotencyService({ database, replies, keys: [createSecretKey(Buffer.alloc(32, 7))] });
  let runs = 0;
  return {
    kept,
    notes,
    service,
    runs: () => runs,
    /** Sends a request that succeeds. */
    send: (changes: Partial<RepeatableRequest> = {}) =>
      service.once({ ...request, ...changes }, async (record) => {
        runs += 1;
        await record(transaction, answer, 'vera');
        return answer;
      }),
  };
}

describe('idempotency service', () => {
  it('returns the first reply unchanged and stores it for 24 hours in the same transaction', async () => {
    const { send, notes } = given();

    const first = await send();

    expect(first).to.equal(answer);
    expect(notes).to.have.length(1);
    expect(notes[0]?.db).to.equal(transaction);
    expect(notes[0]?.ttlSeconds).to.equal(86_400);
    expect(notes[0]?.owners).to.deep.equal({ userId: 'vera', principalId: undefined });
  });

  it('replays the reply to a repeated request, marked as such, without working again', async () => {
    const { send, runs } = given();
    await send();

    const again = await send();

    expect(again).to.deep.equal({ ...answer, headers: { Location: '/things/1', 'Idempotency-Replayed': 'true' } });
    expect(runs()).to.equal(1);
  });

  it('ignores the order of fields', async () => {
    const { send, runs } = given();
    await send();

    await send({ body: { size: { h: 2, w: 1 }, name: 'kite' } });

    expect(runs()).to.equal(1);
  });

  for (const body of [{ name: 'kite' }, { name: 'boat', size: { w: 1, h: 2 } }, { name: 'kite', size: [1, 2] }]) {
    it(`rejects the key with the body ${JSON.stringify(body)}`, async () => {
      const { send, runs } = given();
      await send();

      expect(await codeOf(() => send({ body }))).to.equal('idempotency_key_reused');
      expect(runs()).to.equal(1);
    });
  }

  it('respects the order of lists', async () => {
    const { send } = given();
    await send({ body: [1, 2] });

    expect(await codeOf(() => send({ body: [2, 1] }))).to.equal('idempotency_key_reused');
  });

  it('works every time without a key and stores nothing', async () => {
    const { send, runs, kept } = given();

    await send({ key: undefined });
    await send({ key: undefined });

    expect(runs()).to.equal(2);
    expect(kept.size).to.equal(0);
  });

  it('scopes keys by operation and caller', async () => {
    const { send, runs } = given();

    await send();
    await send({ key: 'key-2' });
    await send({ scope: ['otherThing'] });
    await send({ scope: ['makeThing', 'vera'] });
    await send({ scope: ['makeThing","vera'] });
    await send({ principalId: 'vera' });
    await send({ principalId: 'grace' });

    expect(runs()).to.equal(7);
  });

  it("works again after a failure, which isn't stored", async () => {
    const { send, service, kept } = given();
    const fault = new Error('the disk is full');

    const failure = await failureOf(() => service.once(request, () => Promise.reject(fault)));

    expect(failure).to.equal(fault);
    expect(kept.size).to.equal(0);
    expect(await send()).to.equal(answer);
  });

  it("replays the winner's reply to the loser of a race", async () => {
    const { send, service } = given();

    const late = await service.once(request, async () => {
      await send();
      throw new Error('duplicate key');
    });

    expect(late).to.deep.equal({ ...answer, headers: { ...answer.headers, 'Idempotency-Replayed': 'true' } });
  });

  it('rejects the loser of a race with another body', async () => {
    const { send, service } = given();

    const code = await codeOf(() =>
      service.once(request, async () => {
        await send({ body: {} });
        throw new Error('duplicate key');
      }),
    );

    expect(code).to.equal('idempotency_key_reused');
  });

  it('admits the caller before revealing a stored reply', async () => {
    const { send, runs } = given();
    const stranger = new Error('who are you?');
    const admit = () => Promise.reject(stranger);

    const first = await send({ admit });
    const failures = [await failureOf(() => send({ admit })), await failureOf(() => send({ admit, body: {} }))];

    expect(first).to.equal(answer);
    expect(failures).to.deep.equal([stranger, stranger]);
    expect(runs()).to.equal(1);
    expect(await send({ admit: async () => {} })).to.have.nested.property('headers.Idempotency-Replayed', 'true');
  });

  it('admits the caller after losing a race too', async () => {
    const { send, service } = given();
    const stranger = new Error('who are you?');

    const failure = await failureOf(() =>
      service.once({ ...request, admit: () => Promise.reject(stranger) }, async () => {
        await send();
        throw new Error('duplicate key');
      }),
    );

    expect(failure).to.equal(stranger);
  });

  it('stores neither key nor body', async () => {
    const { send, kept } = given();

    await send({ key: 'my-key', body: { password: 'hunter2' } });

    const all = JSON.stringify([...kept].flatMap(([key, reply]) => [key, reply.fingerprint.toString(), reply]));
    expect(all).not.to.include('my-key');
    expect(all).not.to.include('hunter2');
  });

  it('finds replies after key rotation while the old key is kept', async () => {
    const { send, kept } = given();
    const after = createIdempotencyService({
      database,
      replies: { findReply: async () => [...kept.values()][0] } as unknown as typeof idempotencyRepository,
      keys: [createSecretKey(Buffer.alloc(32, 8)), createSecretKey(Buffer.alloc(32, 7))],
    });
    await send();

    const reply: KeptReply = await after.once(request, () => Promise.reject(new Error('it worked again')));

    expect(reply.body).to.deep.equal(answer.body);
  });

  it('stores a fingerprint that is keyed by a secret', async () => {
    const { send, kept } = given();
    const other = createIdempotencyService({
      database,
      replies: { findReply: async () => [...kept.values()][0] } as unknown as typeof idempotencyRepository,
      keys: [createSecretKey(Buffer.alloc(32, 8))],
    });
    await send();

    expect(await codeOf(() => other.once(request, async () => answer))).to.equal('idempotency_key_reused');
  });
});
