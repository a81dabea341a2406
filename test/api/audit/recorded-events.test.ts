import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { useApp } from '../../support/app.ts';
import { eventsOf, type EventRow } from '../../support/events.ts';
import { addUser } from '../../support/factories.ts';
import { newPerson, registration } from '../../support/people.ts';

describe('security events', () => {
  const app = useApp();
  const headers = { 'User-Agent': 'Firefox', 'X-Request-Id': 'a-request' };
  const fromHere = { ip_address: '127.0.0.1', user_agent: 'Firefox', request_id: 'a-request' };

  const toldOf = (rows: EventRow[]) =>
    rows.map(({ type, outcome, actor_id: actorId, details }) => ({ type, outcome, actorId, details }));

  /** The events of a user, apart from those of making one for the test. */
  const since = async (userId: string, count: number) => (await eventsOf(app, userId)).slice(count);

  it('a registration', async () => {
    const { body } = await app.send('post', '/auth/register', { json: registration(), headers });

    const [event, ...others] = await eventsOf(app, body.id as string);
    expect(event).to.include({ type: 'user.registered', outcome: 'success', actor_id: null, ...fromHere });
    expect(others).to.be.empty;
  });

  it('a registration that is repeated under its key, once', async () => {
    const call = { json: registration(), headers: { 'Idempotency-Key': randomUUID() } };
    const [{ body }, again] = [
      await app.send('post', '/auth/register', call),
      await app.send('post', '/auth/register', call),
    ];

    expect(again.headers['idempotency-replayed']).to.equal('true');
    expect(await eventsOf(app, body.id as string)).to.have.length(1);
  });

  it('a login with a wrong password', async () => {
    const { id, email } = await addUser(app);
    const before = (await eventsOf(app, id)).length;

    await app.send('post', '/auth/login', { json: { email, password: 'not the password' }, headers });

    const [event, ...others] = await since(id, before);
    expect(event).to.deep.include({
      type: 'session.start_failed',
      outcome: 'failure',
      actor_id: null,
      details: { method: 'password', reason: 'invalid_credentials' },
      ...fromHere,
    });
    expect(others).to.be.empty;
  });

  it('a login with an unknown address, without a word of what was typed', async () => {
    const { email, password } = newPerson();
    const request = `request-${randomUUID()}`;

    await app.send('post', '/auth/login', { json: { email, password }, headers: { 'X-Request-Id': request } });

    const rows = await app.context.database.pool<EventRow>('audit_events').where({ request_id: request });
    expect(rows).to.have.length(1);
    expect(rows[0]).to.deep.include({
      type: 'session.start_failed',
      user_id: null,
      details: { method: 'password', reason: 'invalid_credentials' },
    });
    expect(JSON.stringify(rows)).not.to.include(email).and.not.to.include(password);
  });

  it('a login to a deactivated account, with the right password', async () => {
    const person = await addUser(app, { isActive: false });
    const before = (await eventsOf(app, person.id)).length;

    await app.login(person);

    const [event] = await since(person.id, before);
    expect(event).to.deep.include({
      type: 'session.start_failed',
      outcome: 'failure',
      details: { method: 'password', reason: 'account_disabled' },
    });
  });

  it('a login and a logout, with their session', async () => {
    const person = await addUser(app);
    const before = (await eventsOf(app, person.id)).length;
    const { email, password } = person;
    const { body } = await app.send('post', '/auth/login', { json: { email, password }, headers });
    const calls = { token: body.access_token as string, headers };
    await Promise.all([app.send('post', '/auth/logout', calls), app.send('post', '/auth/logout', calls)]);

    const [started, ended, ...others] = await since(person.id, before);
    const [session] = await app.context.database.pool('sessions').where({ user_id: person.id });
    const own = { outcome: 'success', actor_id: person.id, session_id: session.id, ...fromHere };
    expect(started).to.deep.include({ type: 'session.started', details: { method: 'password' }, ...own });
    expect(ended).to.deep.include({ type: 'session.ended', details: {}, ...own });
    expect(others).to.be.empty;
  });

  it('what an administrator does to a user', async () => {
    const { id: actorId, accessToken: token } = await app.signIn('admin');
    const json = { ...registration(), role: 'moderator' };
    const { body: user } = await app.send('post', '/users', { token, json, headers });
    const path = `/users/${user.id}`;
    await app.send('patch', path, { token, json: { role: 'user', is_active: false, full_name: 'Another Name' } });
    await app.send('patch', path, { token, json: { is_active: true } });
    await app.send('delete', path, { token, headers });

    const rows = await eventsOf(app, user.id as string);
    expect(toldOf(rows)).to.deep.equal(
      [
        { type: 'user.created', details: { role: 'moderator' } },
        { type: 'user.renamed', details: {} },
        { type: 'user.role_changed', details: { from: 'moderator', to: 'user' } },
        { type: 'user.deactivated', details: {} },
        { type: 'user.activated', details: {} },
        { type: 'user.deleted', details: {} },
      ].map((event) => ({ ...event, outcome: 'success', actorId })),
    );
    expect(rows[0]).to.include(fromHere);
    expect(rows.at(-1)).to.include(fromHere);
  });

  it('a new name that somebody gives themselves', async () => {
    const { id, accessToken: token } = await app.signIn();
    const before = (await eventsOf(app, id)).length;

    await app.send('patch', '/auth/me', { token, json: { full_name: 'Another Name' }, headers });

    const [event] = await since(id, before);
    expect(event).to.include({ type: 'user.renamed', actor_id: id, ...fromHere });
  });

  it('but no change that changes nothing', async () => {
    const { accessToken: token } = await app.signIn('admin');
    const { id, fullName } = await addUser(app);
    const before = (await eventsOf(app, id)).length;

    await app.send('patch', `/users/${id}`, { token, json: { full_name: fullName, role: 'user', is_active: true } });

    expect(await since(id, before)).to.be.empty;
  });

  it('or the deed is undone', async () => {
    const { accessToken: token } = await app.signIn('admin');
    const { id } = await addUser(app);
    const { pool } = app.context.database;
    await pool.raw(`alter table audit_events add constraint full_disk check (type <> 'user.deleted') not valid`);
    try {
      expect((await app.send('delete', `/users/${id}`, { token })).status).to.equal(500);
    } finally {
      await pool.raw('alter table audit_events drop constraint full_disk');
    }

    expect((await app.send('get', `/users/${id}`, { token })).status).to.equal(200);
  });

  it('and nothing that was refused', async () => {
    const { id, accessToken: token } = await app.signIn('admin');
    await app.context.database.pool('users').whereNot({ id }).update({ is_active: false });
    const before = (await eventsOf(app, id)).length;

    const { status } = await app.send('delete', `/users/${id}`, { token });

    expect(status).to.equal(409);
    expect(await since(id, before)).to.be.empty;
  });
});
