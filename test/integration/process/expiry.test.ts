/** Expired rows are deleted in small batches, without blocking anybody. */
import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { expiryJob } from '../../../src/platform/jobs/expiry.ts';
import { deleteExpiredReplies } from '../../../src/features/idempotency/idempotency.repository.ts';
import { deleteExpiredSessions } from '../../../src/features/sessions/sessions.repository.ts';
import { useDatabase } from '../../support/database.ts';
import { aUser } from '../factories.ts';

const expiry = [
  { name: 'sessions', deleteSome: deleteExpiredSessions },
  { name: 'idempotency_keys', deleteSome: deleteExpiredReplies },
];
const many = 250; // more than two statements delete

describe('expired rows', () => {
  const database = useDatabase();
  const expired = () => database.db('sessions').where('expires_at', '<', database.db.fn.now()).pluck<string[]>('id');

  async function expire(signal: AbortSignal): Promise<void> {
    for (const each of expiry) {
      const run = { jobId: randomUUID(), attempt: 1, signal, complete: async () => {} };
      await expiryJob(each, database.database).run({}, run);
    }
  }

  beforeEach('create many expired sessions, each with a refresh token', async () => {
    const { id } = await aUser(database.db);
    await database.db('sessions').delete();
    await database.db('idempotency_keys').delete();
    await database.db.raw(
      `with expired as (
         insert into sessions (id, user_id, expires_at)
         select gen_random_uuid(), ?, now() - interval '1 second' from generate_series(1, ?) returning id
       )
       insert into refresh_tokens (token_hash, session_id) select sha256(id::text::bytea), id from expired`,
      [id, many],
    );
    await database.db.raw(
      `insert into idempotency_keys (key_hash, fingerprint, status, headers, body, expires_at)
       select sha256(number::text::bytea), '', 201, '{}', '', now() - interval '1 second'
       from generate_series(1, ?) number`,
      [many],
    );
  });

  it('are deleted, however many there are', async () => {
    await expire(new AbortController().signal);

    expect(await expired()).to.deep.equal([]);
    expect(await database.db('refresh_tokens')).to.deep.equal([]);
    expect(await database.db('idempotency_keys')).to.deep.equal([]);
  });

  it('are deleted in small batches, so that no lock is held for long', async () => {
    expect(await deleteExpiredSessions(database.db, 100)).to.equal(100);

    expect(await expired()).to.have.length(many - 100);
  });

  it('stay for the next run when the server stops', async () => {
    await expire(AbortSignal.abort()).catch((error: unknown) => expect(error).to.have.property('name', 'AbortError'));

    expect(await expired()).to.have.length(many);
  });

  it('are skipped while locked', async () => {
    const [held = ''] = await expired();
    const other = await database.db.transaction();
    await other('sessions').where({ id: held }).forUpdate();

    await expire(new AbortController().signal);

    expect(await expired()).to.deep.equal([held]);
    await other.rollback();
  });
});
