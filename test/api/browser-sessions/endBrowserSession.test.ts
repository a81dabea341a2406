import { expect } from 'chai';
import { useApp, useSecondApp } from '../../support/app.ts';
import { byCookie, cookieHeader, cookieOf, cookiesOf, withCookies } from '../../support/browser-sessions.ts';
import { eventsOf } from '../../support/events.ts';
import { brokenRules, expectProblem } from '../../support/problems.ts';

describe('endBrowserSession', () => {
  const app = useApp();
  const elsewhere = useSecondApp(app);
  const goOn = (cookies: string) => app.send('post', '/auth/browser-session', withCookies(cookies));
  const end = (cookies: string) => app.send('delete', '/auth/browser-session', withCookies(cookies));

  it('ends the session of the cookie at once, everywhere, and deletes the cookie', async () => {
    const ada = await app.signIn();
    expect((await elsewhere.send('get', '/auth/me', { token: ada.accessToken })).status).to.equal(200);

    const answer = await end(cookieOf(ada));

    expect([answer.status, answer.bytes.length]).to.deep.equal([204, 0]);
    expect(cookiesOf(answer)).to.have.all.keys('__Host-latchkey');
    expect(cookiesOf(answer)['__Host-latchkey']).to.deep.equal({
      value: '',
      attributes: ['HttpOnly', 'Path=/', 'SameSite=Strict', 'Secure'],
      maxAge: 0,
    });
    expectProblem(await elsewhere.send('get', '/auth/me', { token: ada.accessToken }), 401, 'invalid_token');
    expectProblem(await goOn(cookieOf(ada)), 401, 'invalid_refresh_token');
  });

  it('is in the audit trail as any other end of a session', async () => {
    const ada = await app.signIn();

    await end(cookieOf(ada));

    const [last] = (await eventsOf(app, ada.id)).slice(-1);
    expect(last).to.include({ type: 'session.ended', outcome: 'success', actor_id: ada.id });
  });

  it('ends it by an older cookie too, which a slow response may have left', async () => {
    const ada = await app.signIn();
    const newest = cookieHeader(await goOn(cookieHeader(await goOn(cookieOf(ada)))));

    expect((await end(cookieOf(ada))).status).to.equal(204);

    expectProblem(await goOn(newest), 401, 'invalid_refresh_token');
  });

  it("keeps the user's other sessions", async () => {
    const ada = await app.signIn();
    const other = (await app.login(ada)).body.access_token as string;

    await end(cookieOf(ada));

    expect((await app.send('get', '/auth/me', { token: other })).status).to.equal(200);
  });

  it('answers all others alike, and changes nothing', async () => {
    const ada = await app.signIn();
    const events = await eventsOf(app, ada.id);
    const forged = `${cookieOf(ada).slice(0, -4)}AAAA`;
    for (const cookies of [
      'a=b',
      '__Host-latchkey=',
      '__Host-latchkey=lkr_x',
      `latchkey=${ada.refreshToken}`,
      forged,
    ]) {
      const answer = await end(cookies);
      expect([cookies, answer.status]).to.deep.equal([cookies, 204]);
      expect(cookiesOf(answer)['__Host-latchkey']).to.include({ value: '', maxAge: 0 });
    }
    await end(cookieOf(await app.signIn()));

    expect((await goOn(cookieOf(ada))).status).to.equal(200);
    expect(await eventsOf(app, ada.id)).to.deep.equal(events);
  });

  it('answers twice for two tabs that sign out at once, and records it once', async () => {
    const ada = await app.signIn();

    const answers = await Promise.all([end(cookieOf(ada)), end(cookieOf(ada)), end(cookieOf(ada))]);

    expect(answers.map(({ status }) => status)).to.deep.equal([204, 204, 204]);
    const ends = (await eventsOf(app, ada.id)).filter(({ type }) => type === 'session.ended');
    expect(ends).to.have.length(1);
  });

  it('needs its header', async () => {
    const headers = { Cookie: cookieOf(await app.signIn()) };

    const answer = await app.send('delete', '/auth/browser-session', { headers });

    expect(brokenRules(answer)).to.deep.equal(['/headers/session-transport required']);
    expect((await app.send('post', '/auth/browser-session', { headers: { ...headers, ...byCookie } })).status).to.equal(
      200,
    );
  });
});
