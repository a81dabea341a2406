import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { startApp, useApp, useSecondApp, type TestApp } from '../../support/app.ts';
import { byCookie, cookieHeader, cookieOf, cookiesOf, withCookies } from '../../support/browser-sessions.ts';
import { countsOf } from '../../support/counters.ts';
import { eventsOf } from '../../support/events.ts';
import { brokenRules, expectProblem } from '../../support/problems.ts';

describe('continueBrowserSession', () => {
  const app = useApp();
  const elsewhere = useSecondApp(app);
  const goOn = (cookies: string, on: TestApp = app) => on.send('post', '/auth/browser-session', withCookies(cookies));
  const sessionOf = (token: string) => jwt.decode(token, { json: true })!['sid'] as string;
  const change = (token: string, columns: object) =>
    app.context.database
      .pool('sessions')
      .where({ id: sessionOf(token) })
      .update(columns);

  it('answers with an access token alone, and its successor replaces the refresh token in the cookie', async () => {
    const ada = await app.signIn();

    const answer = await goOn(cookieOf(ada));

    expect(answer.status).to.equal(200);
    expect(answer.body).to.have.all.keys('access_token', 'token_type', 'expires_in');
    expect(answer.bytes.toString()).not.to.include('lkr_');
    expect(answer.headers['cache-control']).to.equal('no-store');
    const { value, attributes, maxAge } = cookiesOf(answer)['__Host-latchkey']!;
    expect(value).not.to.equal(ada.refreshToken);
    expect(attributes).to.deep.equal(['HttpOnly', 'Path=/', 'SameSite=Strict', 'Secure']);
    expect(maxAge).to.equal(14 * 86_400);
    expect((await app.send('get', '/auth/me', { token: answer.body.access_token })).body.id).to.equal(ada.id);
  });

  it('finds its cookie among others', async () => {
    const ada = await app.signIn();

    const answer = await goOn(`a=b; latchkey=lkr_other; x__Host-latchkey=1;${cookieOf(ada)}; z="1"`);

    expect(answer.status).to.equal(200);
  });

  it('keeps the cookie no longer than the session lasts', async () => {
    const ada = await app.signIn();
    await change(ada.accessToken, { expires_at: new Date(Date.now() + 100_000) });

    const { maxAge } = cookiesOf(await goOn(cookieOf(ada)))['__Host-latchkey']!;

    expect(maxAge).to.be.within(90, 100);
  });

  it('repeats its answer for tabs that ask at once, on several processes', async () => {
    const ada = await app.signIn();

    const answers = await Promise.all([app, elsewhere, app, elsewhere].map((on) => goOn(cookieOf(ada), on)));

    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200, 200]);
    expect(new Set(answers.map(cookieHeader)).size).to.equal(1);
  });

  it('is the same session for clients that have its tokens in a body', async () => {
    const ada = await app.signIn();
    const cookie = cookiesOf(await goOn(cookieOf(ada)))['__Host-latchkey']!;

    const answer = await app.send('post', '/auth/refresh', { json: { refresh_token: cookie.value } });

    expect(answer.status).to.equal(200);
    expect(sessionOf(answer.body.access_token)).to.equal(sessionOf(ada.accessToken));
  });

  it('ends the session of a cookie whose successor was used, and deletes the cookie', async () => {
    const ada = await app.signIn();
    const second = cookieHeader(await goOn(cookieOf(ada)));
    await goOn(second);

    const answer = await goOn(cookieOf(ada));

    expectProblem(answer, 401, 'refresh_token_reused');
    expect(cookiesOf(answer)['__Host-latchkey']).to.include({ value: '', maxAge: 0 });
    expectProblem(await goOn(second), 401, 'invalid_refresh_token');
    const types = (await eventsOf(app, ada.id)).map(({ type }) => type);
    expect(types).to.include('session.refresh_token_reused');
  });

  it('is counted with other refreshes', async () => {
    const rotated = async () => (await countsOf(app, 'latchkey_refreshes_total'))['rotated'];
    const before = await rotated();

    await goOn(cookieOf(await app.signIn()));

    expect(await rotated()).to.equal(before! + 1);
  });

  describe('refuses, and deletes the cookie', () => {
    const cookies: Record<string, () => Promise<string | undefined>> = {
      'no cookie': async () => undefined,
      'other cookies': async () => 'a=b; latchkey-device=x',
      'an empty cookie': async () => '__Host-latchkey=',
      'what is no refresh token': async () => '__Host-latchkey=%00"\u00e9',
      'a cookie as long as a header may be': async () => `__Host-latchkey=lkr_${'a'.repeat(8000)}`,
      'a forged one': async () => `${cookieOf(await app.signIn()).slice(0, -4)}AAAA`,
      async 'that of an ended session'() {
        const ada = await app.signIn();
        await app.send('post', '/auth/logout', { token: ada.accessToken });
        return cookieOf(ada);
      },
      async 'that of a deactivated user'() {
        const ada = await app.signIn();
        await app.users.update(ada.id, { isActive: false });
        return cookieOf(ada);
      },
      async 'that of an idle session'() {
        const ada = await app.signIn();
        await change(ada.accessToken, { last_used_at: new Date(Date.now() - 15 * 86_400_000) });
        return cookieOf(ada);
      },
    };
    for (const [what, make] of Object.entries(cookies)) {
      it(what, async () => {
        const cookie = await make();

        const answer = await app.send('post', '/auth/browser-session', {
          headers: { ...byCookie, ...(cookie !== undefined && { Cookie: cookie }) },
        });

        expectProblem(answer, 401, 'invalid_refresh_token');
        const { value, maxAge, attributes } = cookiesOf(answer)['__Host-latchkey']!;
        expect([value, maxAge]).to.deep.equal(['', 0]);
        expect(attributes).to.deep.equal(['HttpOnly', 'Path=/', 'SameSite=Strict', 'Secure']);
      });
    }
  });

  it('keeps the cookie when the service fails, since the session may go on', async () => {
    const fragile = await startApp('postgres://nobody@127.0.0.1:1/nowhere');
    try {
      const answer = await goOn(cookieOf(await app.signIn()), fragile);

      expectProblem(answer, 503, 'service_unavailable');
      expect(answer.headers).not.to.have.property('set-cookie');
    } finally {
      await fragile.stop();
    }
  });

  it('needs its header, with its one value', async () => {
    const headers = { Cookie: cookieOf(await app.signIn()) };

    const without = await app.send('post', '/auth/browser-session', { headers });
    const other = await app.send('post', '/auth/browser-session', {
      headers: { ...headers, 'Session-Transport': 'Cookie' },
    });

    expect(brokenRules(without)).to.deep.equal(['/headers/session-transport required']);
    expect(brokenRules(other)).to.deep.equal(['/headers/session-transport enum']);
    expect((await goOn(headers.Cookie)).status).to.equal(200);
  });
});
