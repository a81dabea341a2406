/** Nothing is left of a deleted user but ids, times and the shape of the trail. */
import { expect } from 'chai';
import type { Feature } from '../../../src/features/feature.ts';
import { useApp, useSecondApp, type TestApp } from '../../support/app.ts';
import { addEvent, eventsOf } from '../../support/events.ts';
import { newPerson, registration } from '../../support/people.ts';
import { leaveTraces, rowsWith, tablesAboutUsers } from '../../support/personal-data.ts';
import { expectProblem } from '../../support/problems.ts';

const keptBy = ({ context }: TestApp) =>
  Object.values(context.features).flatMap((feature: Feature) => feature.personalData ?? []);

describe('erasure', () => {
  const app = useApp();
  const elsewhere = useSecondApp(app);
  let token: string;

  beforeEach('begin with an administrator and nothing else', async () => {
    const { pool } = app.context.database;
    await pool.raw('truncate users, idempotency_keys, jobs, pending_registrations, guess_counts cascade');
    ({ accessToken: token } = await app.signIn('admin'));
  });

  const backdate = (id: string, days: number) =>
    app.context.database
      .pool('users')
      .where({ id })
      .update({ deleted_at: new Date(Date.now() - days * 86_400_000) });

  async function eraseDue(on: TestApp = app): Promise<void> {
    const job = on.context.features.personalData.jobs.find(({ name }) => name === 'erase_users')!;
    await job.run({}, { jobId: '', attempt: 1, signal: new AbortController().signal, complete: async () => {} });
  }

  it('and export know every table that refers to a user or holds what one wrote', async () => {
    const kept = keptBy(app);
    // Not yet users, and so without an export.
    const ofStrangers = ['pending_registrations'];

    const remedy = 'contribute `personalData` in the feature.ts of the feature that owns the table';
    expect(await tablesAboutUsers(app), remedy).to.deep.equal(kept.map(({ table }) => table).sort());
    const exported = kept.filter(({ read }) => read).map(({ table }) => table);
    expect(kept.map(({ table }) => table).filter((table) => !exported.includes(table))).to.deep.equal(ofStrangers);
  });

  it('leaves no trace of address, name, program or network anywhere', async () => {
    const { id, email, marks } = await leaveTraces(app);
    const before = await rowsWith(app, marks);
    await app.users.remove(id);
    await backdate(id, 31);

    await eraseDue();

    // Hashes and bytes show no mark.
    const hashed = ['guess_counts', 'recovery_codes', 'passkeys', 'passkey_challenges'];
    const marked = keptBy(app).filter(({ table }) => !hashed.includes(table));
    expect(Object.keys(before)).to.have.members(marked.map(({ table }) => table));
    expect(await rowsWith(app, marks)).to.deep.equal({});
    for (const table of ['recovery_codes', 'passkey_challenges']) {
      expect(await app.context.database.pool(table).where({ user_id: id })).to.deep.equal([]);
    }
    const { guessing } = app.context.features;
    expect(await guessing.service.list(app.context.database.pool, email)).to.deep.equal([]);
  });

  it('keeps the shape of the trail: types, times and ids', async () => {
    const { id } = await leaveTraces(app);
    await app.users.remove(id);
    await backdate(id, 31);
    const shape = ({ id: event, type, created_at: at, user_id: user, actor_id: actor, request_id: request }: Row) =>
      ({ event, type, at, user, actor, request }) as unknown;
    type Row = Awaited<ReturnType<typeof eventsOf>>[number];
    const before = (await eventsOf(app, id)).map(shape);

    await eraseDue();

    const after = await eventsOf(app, id);
    expect(before.length).to.be.greaterThan(4);
    expect(after.slice(0, -1).map(shape)).to.deep.equal(before);
    expect(after.at(-1)).to.deep.include({ type: 'user.erased', actor_id: null, details: {} });
    const user: unknown = await app.context.database.pool('users').where({ id }).first();
    expect(user).to.include({ email: '', full_name: '', password_hash: '', pending_email: null });
    expect(user).to.have.property('erased_at').that.is.an.instanceOf(Date);
  });

  it('leaves everybody else as they are', async () => {
    const [gone, stays] = [await leaveTraces(app), await leaveTraces(app)];
    await addEvent(app, { type: 'user.renamed', userId: stays.id, actorId: gone.id, details: { why: 'asked' } });
    const about = () => rowsWith(app, [stays.id, stays.email]);
    const before = await about();
    await app.users.remove(gone.id);
    await backdate(gone.id, 31);

    await eraseDue();

    expect(await about()).to.deep.equal(before);
  });

  it('leaves what is kept about an address that somebody else has by now', async () => {
    const gone = await leaveTraces(app);
    await app.users.remove(gone.id);
    await backdate(gone.id, 31);
    await app.context.database.pool('guess_counts').del();
    await app.send('post', '/auth/register', { json: registration(newPerson({ email: gone.email })) });
    await app.login(newPerson({ email: gone.email }));
    const counts = () => app.context.features.guessing.service.list(app.context.database.pool, gone.email);
    const before = await counts();

    await eraseDue();

    expect(before).to.not.be.empty;
    expect(await counts()).to.deep.equal(before);
  });

  it('waits for ERASE_AFTER_DAYS, and then there is nothing to restore', async () => {
    const { id } = await leaveTraces(app);
    const restore = () => app.send('post', `/users/${id}/restore`, { token });
    await app.users.remove(id);
    await backdate(id, 29);
    await eraseDue();
    expect((await restore()).status).to.equal(200);

    await app.users.remove(id);
    await backdate(id, 31);
    await eraseDue();

    expectProblem(await restore(), 404, 'not_found');
  });

  it('happens once, however often and by however many it is tried', async () => {
    const people = [await leaveTraces(app), await leaveTraces(app), await leaveTraces(app)];
    for (const { id } of people) {
      await app.users.remove(id);
      await backdate(id, 31);
    }

    await Promise.all([eraseDue(), eraseDue(elsewhere), eraseDue()]);
    await eraseDue();

    for (const { id } of people) {
      const erasures = (await eventsOf(app, id)).filter(({ type }) => type === 'user.erased');
      expect(erasures).to.have.length(1);
    }
    expect(
      await rowsWith(
        app,
        people.flatMap(({ marks }) => marks),
      ),
    ).to.deep.equal({});
  });

  it('that fails halfway has changed nothing, and is repeated', async () => {
    const { id, marks } = await leaveTraces(app);
    await app.users.remove(id);
    await backdate(id, 31);
    const before = await rowsWith(app, marks);
    const kept = app.context.features.users.personalData[0]!;
    const broken = Object.assign(kept, { erase: wrap(kept.erase) });
    function wrap(erase: typeof kept.erase): typeof kept.erase {
      return async (db, user) => {
        await erase(db, user);
        broken.erase = erase;
        throw new Error('the connection was lost');
      };
    }
    const failure = await eraseDue().catch((error: unknown) => error);
    expect(failure).to.be.an('error').with.property('message', 'the connection was lost');
    expect(await rowsWith(app, marks)).to.deep.equal(before);

    await eraseDue();

    expect(await rowsWith(app, marks)).to.deep.equal({});
  });

  it('and a restore at the same time: one of them wins', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id } = await leaveTraces(app);
      await app.users.remove(id);
      await backdate(id, 31);

      const [, restored] = await Promise.all([
        eraseDue(elsewhere),
        app.send('post', `/users/${id}/restore`, { token }),
      ]);

      const user = (await app.context.database.pool('users').where({ id }).first()) as { erased_at: Date | null };
      expect(restored.status).to.equal(user.erased_at === null ? 200 : 404);
    }
  });
});
