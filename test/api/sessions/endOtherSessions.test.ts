import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { useApp, useSecondApp } from '../../support/app.ts';
import { eventsOf } from '../../support/events.ts';
import { expectTokensToBeDead, expectTokensToWork } from '../../support/consequences.ts';

describe('endOtherSessions', () => {
  const app = useApp();
  const elsewhere = useSecondApp(app);
  const endOthers = (token: string) => app.send('delete', '/auth/sessions', { token });
  const tokensOf = (body: { access_token: string; refresh_token: string }) => ({
    accessToken: body.access_token,
    refreshToken: body.refresh_token,
  });

  it('signs out every other device at the next request, on every process, and keeps the one that asks', async () => {
    const [ada, grace] = [await app.signIn(), await app.signIn()];
    const others = [tokensOf((await app.login(ada)).body), tokensOf((await app.login(ada)).body)];
    for (const other of others) await expectTokensToWork([app, elsewhere], other);

    expect((await endOthers(ada.accessToken)).status).to.equal(204);

    for (const other of others) await expectTokensToBeDead([elsewhere, app], other);
    await expectTokensToWork([app, elsewhere], ada);
    await expectTokensToWork([app, elsewhere], grace);
    const next = await app.send('post', '/auth/refresh', { json: { refresh_token: ada.refreshToken } });
    expect(next.status).to.equal(200);
  });

  it('succeeds when there are none', async () => {
    const ada = await app.signIn();

    expect((await endOthers(ada.accessToken)).status).to.equal(204);
    await expectTokensToWork([app], ada);
  });

  it('leaves an event', async () => {
    const ada = await app.signIn();

    await endOthers(ada.accessToken);

    const event = (await eventsOf(app, ada.id)).at(-1);
    expect(event).to.include({ type: 'session.all_ended', outcome: 'success', actor_id: ada.id, session_id: null });
  });

  it('leaves at most one session when two of them end each other', async () => {
    const ada = await app.signIn();
    const other = tokensOf((await app.login(ada)).body);

    const answers = await Promise.all([endOthers(ada.accessToken), endOthers(other.accessToken)]);

    // One comes first and ends the session of the other, whose request was already let in or gets 401.
    expect(answers.map(({ status }) => status)).to.include(204);
    const { service } = app.context.features.sessions;
    const alive = await service.listOwn({ id: ada.id, sessionId: jwt.decode(ada.accessToken, { json: true })!['sid'] });
    expect(alive.length).to.be.at.most(1);
  });
});
