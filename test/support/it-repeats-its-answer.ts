/** How every POST that creates a user handles `Idempotency-Key`. */
import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { TestApp } from './app.ts';
import type { Answer } from './client.ts';
import { brokenRules, expectProblem } from './problems.ts';

/** A body that creates a user. */
export interface Registration {
  email: string;
  password: string;
  full_name: string;
}

export interface Creation {
  /** Sends the operation's request; a string is sent unchanged. */
  readonly send: (body: Registration | string, headers: Record<string, string>) => Promise<Answer>;
  readonly newBody: () => Registration;
}

export function itRepeatsItsAnswer(app: TestApp, { send, newBody }: Creation): void {
  const withKey = (key: string, body: Registration | string) => send(body, { 'Idempotency-Key': key });
  const table = (name: string) => app.context.database.pool(name);
  const usersWith = async (email: string) => (await table('users').where({ email }).select('id')).length;

  it('replays the first reply byte for byte and creates one user', async () => {
    const [key, body] = [randomUUID(), newBody()];
    const first = await withKey(key, body);

    const second = await withKey(key, body);

    expect([first.status, second.status]).to.deep.equal([201, 201]);
    expect(second.bytes.equals(first.bytes)).to.equal(true);
    expect(first.headers).not.to.have.property('idempotency-replayed');
    expect(second.headers).to.include({
      'idempotency-replayed': 'true',
      location: first.headers['location'],
      etag: first.headers['etag'],
    });
    expect(await usersWith(body.email)).to.equal(1);
  });

  it('replays it to simultaneous requests too', async () => {
    const [key, body] = [randomUUID(), newBody()];

    const answers = await Promise.all(Array.from({ length: 6 }, () => withKey(key, body)));

    expect(answers.map(({ status }) => status)).to.deep.equal(Array(6).fill(201));
    expect(new Set(answers.map(({ bytes }) => bytes.toString()))).to.have.property('size', 1);
    expect(answers.filter(({ headers }) => !('idempotency-replayed' in headers))).to.have.length(1);
    expect(await usersWith(body.email)).to.equal(1);
  });

  it('ignores the order of fields', async () => {
    const [key, body] = [randomUUID(), newBody()];
    await withKey(key, body);

    const answer = await withKey(key, JSON.stringify(Object.fromEntries(Object.entries(body).reverse()), null, 2));

    expect(answer.status).to.equal(201);
    expect(answer.headers).to.have.property('idempotency-replayed', 'true');
  });

  it('answers 409 to the same key with another body and creates nothing', async () => {
    const [key, body] = [randomUUID(), newBody()];
    await withKey(key, body);

    const answer = await withKey(key, { ...body, full_name: 'Somebody Else' });

    expectProblem(answer, 409, 'idempotency_key_reused');
    expect(await usersWith(body.email)).to.equal(1);
  });

  it('accepts one of two simultaneous bodies with the same key', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [key, one] = [randomUUID(), newBody()];

      const answers = await Promise.all([withKey(key, one), withKey(key, { ...one, full_name: 'Somebody Else' })]);

      const outcomes = answers.map(({ status, body }) => (status === 201 ? 'created' : String(body.code)));
      expect(outcomes.sort()).to.deep.equal(['created', 'idempotency_key_reused']);
      expect(await usersWith(one.email)).to.equal(1);
    }
  });

  it('stores no failure, so that the same key may retry', async () => {
    const [key, body] = [randomUUID(), newBody()];
    const failed = await withKey(key, { ...body, password: 'password123' });

    const answer = await withKey(key, body);

    expect(brokenRules(failed)).to.deep.equal(['/body/password password_common']);
    expect(answer.status).to.equal(201);
    expect(answer.headers).not.to.have.property('idempotency-replayed');
  });

  it('stores no conflict either', async () => {
    const [key, body] = [randomUUID(), newBody()];
    await send(body, {});
    const failed = await withKey(key, body);
    await table('users').where({ email: body.email }).update({ deleted_at: new Date() });

    const answer = await withKey(key, body);

    expectProblem(failed, 409, 'email_taken');
    expect(answer.status).to.equal(201);
  });

  it('forgets a key after 24 hours', async () => {
    const [key, body] = [randomUUID(), newBody()];
    await withKey(key, body);
    const rows = await table('idempotency_keys').select<{ key_hash: Buffer; expires_at: Date }[]>();
    const [newest] = rows.sort((a, b) => b.expires_at.getTime() - a.expires_at.getTime());
    const hours = (newest!.expires_at.getTime() - Date.now()) / 3_600_000;
    await table('idempotency_keys')
      .where({ key_hash: newest!.key_hash })
      .update({ expires_at: new Date(0) });

    const answer = await withKey(key, body);

    expect(hours).to.be.within(23.9, 24.1);
    expectProblem(answer, 409, 'email_taken');
  });

  it('forgets the reply with its user, so that the same request creates another', async () => {
    const [key, body] = [randomUUID(), newBody()];
    const first = await withKey(key, body);
    await app.users.remove(first.body.id);
    const kept = await table('idempotency_keys').where({ user_id: first.body.id });

    const second = await withKey(key, body);

    expect(kept).to.deep.equal([]);
    expect(second.status).to.equal(201);
    expect(second.headers).not.to.have.property('idempotency-replayed');
    expect(second.body.id).not.to.equal(first.body.id);
  });

  it("keeps the reply of a user who couldn't be deleted", async () => {
    const [key, body] = [randomUUID(), newBody()];
    const first = await withKey(key, body);
    await app.users.remove(first.body.id, () => false).catch(() => {});

    const second = await withKey(key, body);

    expect(second.bytes.equals(first.bytes)).to.equal(true);
  });

  it('never replays a deleted user, even to requests during the deletion', async () => {
    for (let round = 0; round < 8; round += 1) {
      const [key, body] = [randomUUID(), newBody()];
      const { id } = (await withKey(key, body)).body;

      const [, ...during] = await Promise.all([
        app.users.remove(id),
        ...Array.from({ length: 4 }, () => withKey(key, body)),
      ]);
      const after = await withKey(key, body);

      const outcomes = during.map((answer) => (answer.status === 201 ? 'user' : String(answer.body.code)));
      expect(['user', 'email_taken']).to.include.members(outcomes);
      expect(after.status).to.equal(201);
      expect(after.body.id).not.to.equal(id);
      expect(await table('idempotency_keys').where({ user_id: id })).to.deep.equal([]);
    }
  });

  it('stores neither the key nor the password', async () => {
    const [key, body] = [randomUUID(), newBody()];
    const { body: user } = await withKey(key, body);

    const rows = await table('idempotency_keys').select<{ body: string }[]>();

    const kept = JSON.stringify(rows.map((row) => Object.values(row).map(String)));
    expect(kept).to.include(user.id);
    expect(kept).not.to.include(key);
    expect(kept).not.to.include(body.password);
  });
}
