import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { useApp, useSecondApp } from '../../support/app.ts';
import { eventsOf } from '../../support/events.ts';
import { nobodysId } from '../../support/ids.ts';
import { expectTokensToBeDead, expectTokensToWork } from '../../support/consequences.ts';
import { expectProblem } from '../../support/problems.ts';

describe('endSession', () => {
  const app = useApp();
  const elsewhere = useSecondApp(app);
  const end = (token: string, id: string) => app.send('delete', `/auth/sessions/${id}`, { token });
  const idOf = (accessToken: string) => jwt.decode(accessToken, { json: true })!['sid'] as string;
  const tokensOf = (body: { access_token: string; refresh_token: string }) => ({
    accessToken: body.access_token,
    refreshToken: body.refresh_token,
  });

  it('signs out one other device at the next request, on every process', async () => {
    const ada = await app.signIn();
    const [phone, tablet] = [tokensOf((await app.login(ada)).body), tokensOf((await app.login(ada)).body)];
    await expectTokensToWork([app, elsewhere], phone);

    const { status, bytes } = await end(ada.accessToken, idOf(phone.accessToken));

    expect(status).to.equal(204);
    expect(bytes).to.have.length(0);
    await expectTokensToBeDead([elsewhere, app], phone);
    await expectTokensToWork([app, elsewhere], tablet);
    await expectTokensToWork([app, elsewhere], ada);
  });

  it('signs out the device that asks', async () => {
    const ada = await app.signIn();

    expect((await end(ada.accessToken, idOf(ada.accessToken).toUpperCase())).status).to.equal(204);

    await expectTokensToBeDead([app, elsewhere], ada);
  });

  it('leaves an event', async () => {
    const ada = await app.signIn();
    const id = idOf((await app.login(ada)).body.access_token);

    await end(ada.accessToken, id);

    const event = (await eventsOf(app, ada.id)).at(-1);
    expect(event).to.include({ type: 'session.ended', outcome: 'success', actor_id: ada.id, session_id: id });
  });

  it("finds nobody else's session, whatever the caller's role, and answers as if it did not exist", async () => {
    const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
    const headers = { 'X-Request-Id': 'the-same' };
    const answers = await Promise.all(
      [idOf(ada.accessToken), nobodysId].map((id) =>
        app.send('delete', `/auth/sessions/${id}`, { token: admin.accessToken, headers }),
      ),
    );

    const [others, unknown] = answers;
    expectProblem(others!, 404, 'not_found');
    expect(others!.bytes.toString()).to.equal(unknown!.bytes.toString());
    const stable = ({ headers: { date: _date, ...rest } }: (typeof answers)[number]) => rest;
    expect(stable(others!)).to.deep.equal(stable(unknown!));
    await expectTokensToWork([app], ada);
  });

  it('finds no session that has ended or expired', async () => {
    const ada = await app.signIn();
    const [ended, expired] = [await app.login(ada), await app.login(ada)].map(({ body }) => idOf(body.access_token));
    await end(ada.accessToken, ended!);
    await app.context.database
      .pool('sessions')
      .where({ id: expired })
      .update({ expires_at: new Date(Date.now() - 1000) });

    for (const id of [ended!, expired!]) expectProblem(await end(ada.accessToken, id), 404, 'not_found');
  });

  it('ends it only once for two simultaneous requests', async () => {
    const ada = await app.signIn();
    const id = idOf((await app.login(ada)).body.access_token);

    const answers = await Promise.all(
      [app, elsewhere].map((on) => on.send('delete', `/auth/sessions/${id}`, { token: ada.accessToken })),
    );

    expect(answers.map(({ status }) => status).sort()).to.deep.equal([204, 404]);
  });
});
