import { expect } from 'chai';
import { staleToken } from '../../support/access-tokens.ts';
import { useApp } from '../../support/app.ts';
import { addEvent, eventsOf } from '../../support/events.ts';
import { leaveTraces } from '../../support/personal-data.ts';
import { expectProblem } from '../../support/problems.ts';

describe('exportCurrentUser', () => {
  const app = useApp();
  const exportOf = (token: string) => app.send('get', '/auth/me/export', { token });

  it('shows everything that is kept', async () => {
    const ada = await leaveTraces(app);

    const { status, body } = await exportOf(ada.accessToken);

    expect(status).to.equal(200);
    expect(body.user).to.include({ id: ada.id, email: ada.email });
    expect(body.sessions).to.have.length(1);
    expect(body.sessions[0]).to.deep.include({
      ended_at: null,
      methods: ['password'],
      user_agent: `${ada.marks[0]}/1.0`,
    });
    const types = (body.events.items as { type: string }[]).map(({ type }) => type);
    expect(types).to.include.members(['email.changed', 'session.start_failed', 'user.registered']);
    expect((body.jobs as { name: string }[]).map(({ name }) => name)).to.include.members([
      'send_verification',
      'send_notice',
      'of_a_stranger',
    ]);
    expect(body.email_codes).to.have.length(1);
    expect(body.email_codes[0]).to.include({ email: ada.email, attempts: 0, ended_at: null });
    expect(body.one_time_secrets[0]).to.include({ purpose: 'password_reset', email: ada.email, used_at: null });
    expect(body.factors[0]).to.include({ kind: 'totp', name: `Phone of ${ada.marks[0]}`, confirmed_at: null });
    expect(body.passkeys[0]).to.include({ uses: 0, is_synced: true });
    expect(body.passkey_challenges[0]).to.include({ purpose: 'registration' });
    expect(body.pictures[0]).to.include({ media_type: 'image/png', width: 3, height: 2 });
    expect(body.recovery_codes[0]).to.include({ used_at: null });
    expect((body.kept_replies as { status: number }[]).map(({ status: kept }) => kept)).to.deep.equal([201]);
    expect((body.failed_sign_ins as { failures: number }[]).map(({ failures }) => failures)).to.deep.equal([2, 2]);
  });

  it('has nothing of others, and no secret', async () => {
    const [ada, grace] = [await leaveTraces(app), await leaveTraces(app)];

    const { bytes } = await exportOf(ada.accessToken);

    const text = bytes.toString();
    expect(text).to.include(ada.id).and.not.include(grace.id).and.not.include(grace.email);
    const { pool } = app.context.database;
    const { password_hash: hash } = (await pool('users').where({ id: ada.id }).first()) as { password_hash: string };
    const { secret } = (await pool('sessions').where({ user_id: ada.id }).first()) as { secret: Buffer };
    for (const hidden of [hash, secret.toString('hex'), secret.toString('base64'), ada.accessToken])
      expect(text).to.not.include(hidden);
  });

  it('has the sessions that ended, until they expire', async () => {
    const ada = await app.signIn();
    const { body: again } = await app.login(ada);
    await app.send('post', '/auth/logout', { token: ada.accessToken });

    const { body } = await exportOf(again.access_token as string);

    const ends = (body.sessions as { ended_at: string | null }[]).map(({ ended_at: at }) => at === null);
    expect(ends.sort()).to.deep.equal([false, true]);
  });

  it('has the latest 1,000 events, and a cursor to those before', async () => {
    const { id, accessToken: token } = await app.signIn();
    await app.context.database.transaction(async (db) => {
      for (let number = 0; number < 1001; number += 1)
        await app.context.features.audit.service.record(db, { type: 'user.renamed', outcome: 'success', userId: id });
    });
    const all = await eventsOf(app, id);

    const { body } = await exportOf(token);
    const { body: rest } = await app.send('get', '/auth/events', { token, query: { cursor: body.events.next_cursor } });

    expect(body.events.items).to.have.length(1000);
    // One event, the export, came later.
    expect(rest.items).to.have.length(all.length - 1000);
    expect(rest.next_cursor).to.be.null;
  });

  it('hides where somebody else did something from', async () => {
    const [ada, grace] = [await app.signIn(), await app.signIn('admin')];
    const client = { address: '203.0.113.7', userAgent: 'Firefox', requestId: 'request-1' };
    await addEvent(app, { type: 'user.renamed', userId: ada.id, actorId: grace.id, client });

    const { bytes } = await exportOf(ada.accessToken);

    expect(bytes.toString()).to.include('user.renamed').and.not.include('203.0.113.7');
  });

  it('leaves an event', async () => {
    const ada = await app.signIn();
    await exportOf(ada.accessToken);
    expect((await eventsOf(app, ada.id)).at(-1)).to.include({ type: 'user.exported', actor_id: ada.id });
  });

  it('asks for a sign-in of the last ten minutes', async () => {
    const ada = await app.signIn();
    expectProblem(await exportOf(staleToken(app, ada, 601)), 401, 'insufficient_user_authentication');
  });
});
