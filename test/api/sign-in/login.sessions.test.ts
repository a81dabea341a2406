/** How many sessions a user may have. */
import { expect } from 'chai';
import { aClient } from '../../support/a-client.ts';
import { useApp, useSecondApp, type TestApp } from '../../support/app.ts';
import { eventsOf } from '../../support/events.ts';
import { expectTokensToBeDead, expectTokensToWork } from '../../support/consequences.ts';

describe('login, beyond SESSIONS_PER_USER', () => {
  const env = { SESSIONS_PER_USER: '3' };
  const app = useApp({ env });
  const elsewhere = useSecondApp(app, { env });
  const tokensOf = (body: { access_token: string; refresh_token: string }) => ({
    accessToken: body.access_token,
    refreshToken: body.refresh_token,
  });
  const standing = async (token: string) =>
    ((await app.send('get', '/auth/sessions', { token })).body.items as object[]).length;

  it('ends the oldest session, and leaves an event', async () => {
    const ada = await app.signIn();
    const second = tokensOf((await app.login(ada)).body);
    await app.login(ada);
    await expectTokensToWork([app, elsewhere], ada);

    const fourth = tokensOf((await app.login(ada)).body);

    await expectTokensToBeDead([elsewhere, app], ada);
    await expectTokensToWork([app, elsewhere], second);
    expect(await standing(fourth.accessToken)).to.equal(3);
    const ends = (await eventsOf(app, ada.id)).filter(({ type }) => type === 'session.ended');
    expect(ends.map(({ details }) => details)).to.deep.equal([{ reason: 'too_many' }]);
  });

  it('keeps an old session that is used, and ends one that is not', async () => {
    const ada = await app.signIn();
    const unused = tokensOf((await app.login(ada)).body);
    await app.login(ada);
    const { body } = await app.send('post', '/auth/refresh', { json: { refresh_token: ada.refreshToken } });

    await app.login(ada);

    await expectTokensToWork([app], tokensOf(body));
    await expectTokensToBeDead([app], unused);
  });

  it('does not count sessions that have ended', async () => {
    const ada = await app.signIn();
    for (let times = 0; times < 3; times++) {
      const { body } = await app.login(ada);
      await app.send('post', '/auth/logout', { token: body.access_token });
    }

    await app.login(ada);

    await expectTokensToWork([app], ada);
  });

  it('holds for simultaneous logins on two processes', async () => {
    const [ada, grace] = [await app.signIn(), await app.signIn()];
    const proven = { user: { id: ada.id }, credentialsVersion: 1 };
    const begin = ({ context: { database, features } }: TestApp) =>
      database.transaction((db) => features.sessions.service.begin(db, proven, aClient(), ['password']));

    const begun = await Promise.all(Array.from({ length: 8 }, (_, index) => begin(index % 2 ? app : elsewhere)));

    const statuses = await Promise.all(
      begun.map(async ({ accessToken }) => (await app.send('get', '/auth/me', { token: accessToken })).status),
    );
    expect(statuses.filter((status) => status === 200)).to.have.length(3);
    await expectTokensToWork([app], grace);
  });
});
