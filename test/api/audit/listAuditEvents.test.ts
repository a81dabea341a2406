import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { useApp } from '../../support/app.ts';
import { addEvent } from '../../support/events.ts';
import { addUser, type Added } from '../../support/factories.ts';
import { brokenRules } from '../../support/problems.ts';

type Query = Record<string, string | number>;

describe('listAuditEvents', () => {
  const app = useApp();
  let token: string;

  before('sign an administrator in', async () => {
    ({ accessToken: token } = await app.signIn('admin'));
  });

  const list = (query: Query) => app.send('get', '/audit-events', { token, query });
  const typesOf = async (query: Query) =>
    ((await list(query)).body.items as { type: string }[]).map(({ type }) => type);

  it('shows who did what to whom, when and from where', async () => {
    const [userId, actorId, sessionId] = [randomUUID(), randomUUID(), randomUUID()];
    const client = { address: '203.0.113.7', userAgent: 'Firefox', requestId: 'request-1' };
    await addEvent(app, {
      type: 'user.role_changed',
      userId,
      actorId,
      sessionId,
      client,
      details: { from: 'user', to: 'admin', count: 3, forced: true },
    });

    const { body } = await list({ user_id: userId });

    const [{ id, created_at: createdAt, ...event }] = body.items;
    expect(event).to.deep.equal({
      type: 'user.role_changed',
      outcome: 'success',
      user_id: userId,
      actor_id: actorId,
      session_id: sessionId,
      request_id: 'request-1',
      ip_address: '203.0.113.7',
      user_agent: 'Firefox',
      details: { from: 'user', to: 'admin', count: '3', forced: 'true' },
    });
    expect(id).to.be.a('string');
    expect(Date.now() - Date.parse(createdAt as string)).to.be.within(-1000, 60_000);
  });

  it('says once who is in the events, also who is deleted, but not who is erased', async () => {
    const [ada, grace, joan] = [await addUser(app), await addUser(app), await addUser(app)];
    for (const { id } of [ada, grace, joan]) {
      await addEvent(app, { type: 'user.renamed', userId: id, actorId: ada.id });
    }
    await app.users.remove(grace.id);
    await app.users.remove(joan.id);
    await app.context.database.pool('users').where({ id: joan.id }).update({ erased_at: new Date() });

    const { body } = await list({ type: 'user.renamed', actor_id: ada.id });

    expect(body.items).to.have.length(3);
    const named = ({ id, email, fullName }: Added, isDeleted: boolean) => ({
      id,
      email,
      full_name: fullName,
      is_deleted: isDeleted,
    });
    expect(body.users).to.have.deep.members([named(ada, false), named(grace, true)]);
    expect((await list({ actor_id: randomUUID() })).body).to.deep.equal({ items: [], users: [], next_cursor: null });
  });

  it('leaves open what is not known', async () => {
    const userId = randomUUID();
    await addEvent(app, { userId, client: { address: '', userAgent: undefined, requestId: 'request-2' } });

    const { body } = await list({ user_id: userId });

    expect(body.items[0]).to.include({ actor_id: null, session_id: null, ip_address: null, user_agent: null });
  });

  it('filters by each field, and by all together', async () => {
    const [userId, actorId] = [randomUUID(), randomUUID()];
    await addEvent(app, { type: 'user.created', userId, actorId });
    await addEvent(app, { type: 'user.renamed', userId });
    await addEvent(app, { type: 'session.start_failed', outcome: 'failure', userId });
    await addEvent(app, { type: 'user.deleted', actorId });

    expect(await typesOf({ user_id: userId })).to.deep.equal(['session.start_failed', 'user.renamed', 'user.created']);
    expect(await typesOf({ actor_id: actorId })).to.deep.equal(['user.deleted', 'user.created']);
    expect(await typesOf({ user_id: userId, type: 'user.renamed' })).to.deep.equal(['user.renamed']);
    expect(await typesOf({ user_id: userId, outcome: 'failure' })).to.deep.equal(['session.start_failed']);
    expect(await typesOf({ user_id: userId, actor_id: actorId, outcome: 'success' })).to.deep.equal(['user.created']);
    expect(await typesOf({ user_id: userId, type: 'moon.landed' })).to.deep.equal([]);
  });

  it('takes the first moment in, and the last out', async () => {
    const userId = randomUUID();
    await addEvent(app, { userId });
    const [{ created_at: at }] = (await list({ user_id: userId })).body.items as [{ created_at: string }];
    const next = new Date(Date.parse(at) + 1).toISOString();

    expect(await typesOf({ user_id: userId, from: at, to: next })).to.have.length(1);
    expect(await typesOf({ user_id: userId, to: at })).to.be.empty;
    expect(await typesOf({ user_id: userId, from: next })).to.be.empty;
  });

  it('takes moments without milliseconds, and refuses what is none', async () => {
    expect((await list({ from: '2026-01-15T09:30:00Z' })).status).to.equal(200);
    for (const from of ['yesterday', '2026-02-30T00:00:00Z', '2026-01-15T09:30:60Z', '2026-01-15T09:30:00+01:00']) {
      const answer = await list({ from });
      expect(answer.status, from).to.equal(400);
      expect(answer.body.errors[0].pointer, from).to.equal('/query/from');
    }
  });

  it('goes on from a cursor, the newest first, each event once though all happened at the same time', async () => {
    const userId = randomUUID();
    const types = ['user.created', 'user.renamed', 'user.deactivated', 'user.activated', 'user.deleted'] as const;
    await app.context.database.transaction(async (db) => {
      for (const type of types)
        await app.context.features.audit.service.record(db, { type, outcome: 'success', userId });
    });

    const first = await list({ user_id: userId, limit: 2 });
    const second = await list({ user_id: userId, limit: 2, cursor: first.body.next_cursor });
    const third = await list({ user_id: userId, limit: 2, cursor: second.body.next_cursor });

    const walked = [first, second, third].flatMap(({ body }) => body.items as { type: string }[]);
    expect(walked.map(({ type }) => type)).to.deep.equal(types.toReversed());
    expect(third.body.next_cursor).to.be.null;
  });

  it('refuses the cursor of another list', async () => {
    await addEvent(app);
    await addEvent(app);
    const { body } = await list({ limit: 1 });

    for (const query of [{ limit: 1, type: 'user.registered', cursor: body.next_cursor }, { cursor: 'e30.e30' }]) {
      const answer = await list(query);
      expect(answer.status).to.equal(400);
      expect(brokenRules(answer)).to.deep.equal(['/query/cursor cursor']);
    }
  });

  it('is for administrators only', async () => {
    const moderator = await app.signIn('moderator');
    expect((await app.send('get', '/audit-events', { token: moderator.accessToken })).status).to.equal(403);
  });
});
