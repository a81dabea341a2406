import { expect } from 'chai';
import { useApp, useSecondApp } from '../../support/app.ts';
import { eventsOf } from '../../support/events.ts';
import { nobodysId } from '../../support/ids.ts';
import { expectTokensToBeDead, expectTokensToWork } from '../../support/consequences.ts';
import { expectProblem } from '../../support/problems.ts';

describe('endUserSessions', () => {
  const app = useApp();
  const elsewhere = useSecondApp(app);
  const end = (token: string, id: string) => app.send('delete', `/users/${id}/sessions`, { token });

  it('signs a user out everywhere at the next request, on every process, who may sign in again', async () => {
    const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
    const { body } = await elsewhere.login(ada);
    const other = { accessToken: body.access_token, refreshToken: body.refresh_token };
    for (const tokens of [ada, other]) await expectTokensToWork([app, elsewhere], tokens);

    expect((await end(admin.accessToken, ada.id)).status).to.equal(204);

    for (const tokens of [ada, other]) await expectTokensToBeDead([elsewhere, app], tokens);
    await expectTokensToWork([app, elsewhere], admin);
    expect((await app.login(ada)).status).to.equal(200);
  });

  it('leaves an event that names the administrator', async () => {
    const [admin, ada] = [await app.signIn('admin'), await app.signIn()];

    await end(admin.accessToken, ada.id);

    const event = (await eventsOf(app, ada.id)).at(-1);
    expect(event).to.include({ type: 'session.all_ended', outcome: 'success', actor_id: admin.id });
  });

  it('finds no user who does not exist or was deleted', async () => {
    const [admin, ada] = [await app.signIn('admin'), await app.signIn()];
    await app.users.remove(ada.id);

    for (const id of [nobodysId, ada.id]) expectProblem(await end(admin.accessToken, id), 404, 'not_found');
  });

  it('is for administrators only', async () => {
    const [moderator, ada] = [await app.signIn('moderator'), await app.signIn()];

    expectProblem(await end(moderator.accessToken, ada.id), 403, 'forbidden');
    await expectTokensToWork([app], ada);
  });
});
