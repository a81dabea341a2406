/** Sign-ins with `Session-Transport: cookie`: their tokens are in cookies, and nowhere else. */
import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { staleToken } from '../../support/access-tokens.ts';
import { useApp, useSecondApp, type TestApp } from '../../support/app.ts';
import { answer as answerPasskey } from '../../support/authenticator.ts';
import { byCookie, cookieHeader, cookiesOf, withCookies } from '../../support/browser-sessions.ts';
import { challengeIn, challengeOf, enrolled } from '../../support/challenges.ts';
import type { Answer } from '../../support/client.ts';
import { mailedCode } from '../../support/email-codes.ts';
import { guessFromEverywhere } from '../../support/guesses.ts';
import { register, requestOptions } from '../../support/passkeys.ts';
import type { Person } from '../../support/people.ts';
import { expectProblem } from '../../support/problems.ts';

describe('signing in by cookie', () => {
  const app = useApp();
  const inDevelopment = useSecondApp(app, { env: { PUBLIC_URL: 'http://localhost:8000' } });
  const login = ({ email, password }: Person, on: TestApp = app, headers: Record<string, string> = {}) =>
    on.send('post', '/auth/login', { json: { email, password }, headers: { ...byCookie, ...headers } });
  const goOn = (cookies: string) => app.send('post', '/auth/browser-session', withCookies(cookies));
  const tokenAfter = async (answer: Answer) => (await goOn(cookieHeader(answer))).body.access_token as string;
  const whoIs = async (token: string) => (await app.send('get', '/auth/me', { token })).body.id as string;

  const ways: Record<string, () => Promise<{ id: string; answer: Answer }>> = {
    async 'a password'() {
      const ada = await app.signIn();
      return { id: ada.id, answer: await login(ada) };
    },
    async 'a mailed code'() {
      const { id, email } = await app.signIn();
      const json = { email, code: await mailedCode(app, { email }) };
      return { id, answer: await app.send('post', '/auth/email-codes/login', { json, headers: byCookie }) };
    },
    async 'a passkey'() {
      const ada = await app.signIn();
      const { credential } = await register(app, ada);
      const json = { credential: answerPasskey(await requestOptions(app), credential) };
      return { id: ada.id, answer: await app.send('post', '/auth/passkeys/login', { json, headers: byCookie }) };
    },
    async 'a second factor'() {
      const ada = await enrolled(app);
      const json = { challenge_token: await challengeOf(app, ada), factor: 'totp', code: ada.app.code() };
      return { id: ada.id, answer: await app.send('post', '/auth/challenge', { json, headers: byCookie }) };
    },
  };
  for (const [how, signIn] of Object.entries(ways)) {
    it(`with ${how} answers 204, and the cookies continue the session`, async () => {
      const { id, answer } = await signIn();

      expect([answer.status, answer.bytes.length]).to.deep.equal([204, 0]);
      expect(cookiesOf(answer)).to.have.all.keys('__Host-latchkey', '__Host-latchkey-device');
      expect(await whoIs(await tokenAfter(answer))).to.equal(id);
    });
  }

  it('sets cookies that only this host gets, over TLS, from its own site, and no script', async () => {
    const { '__Host-latchkey': session, '__Host-latchkey-device': device } = cookiesOf(await login(await app.signIn()));

    expect(session!.attributes).to.deep.equal(['HttpOnly', 'Path=/', 'SameSite=Strict', 'Secure']);
    expect(device!.attributes).to.deep.equal(session!.attributes);
    expect(session!.value).to.match(/^lkr_[\w-]{72}$/);
    expect(device!.value).to.match(/^lkd_/);
  });

  it('sets plain cookies in development, since Safari drops Secure ones on http://localhost', async () => {
    const answer = await login(await app.signIn(), inDevelopment);

    const { latchkey } = cookiesOf(answer);
    expect(cookiesOf(answer)).to.have.all.keys('latchkey', 'latchkey-device');
    expect(latchkey!.attributes).to.deep.equal(['HttpOnly', 'Path=/', 'SameSite=Strict']);
    const cookies = `latchkey=${latchkey!.value}`;
    expect((await inDevelopment.send('post', '/auth/browser-session', withCookies(cookies))).status).to.equal(200);
    expect((await app.send('post', '/auth/browser-session', withCookies(cookies))).status).to.equal(401);
  });

  it('keeps the session cookie until the session would end unused, and the device for 400 days', async () => {
    const { '__Host-latchkey': session, '__Host-latchkey-device': device } = cookiesOf(await login(await app.signIn()));

    expect(session!.maxAge).to.equal(14 * 86_400);
    expect(device!.maxAge).to.equal(400 * 86_400);
  });

  it('leaves the body to those who do not ask for cookies', async () => {
    const ada = await app.signIn();

    const answer = await app.login(ada);

    expect(answer.status).to.equal(200);
    expect(answer.headers).not.to.have.property('set-cookie');
    expect(answer.body).to.include.keys('refresh_token', 'device_token');
  });

  it('knows the device by its cookie, so that strangers who guess keep nobody out', async () => {
    const ada = await app.signIn();
    const { '__Host-latchkey-device': device } = cookiesOf(await login(ada));
    await guessFromEverywhere(app, ada.email, 100);

    const unknown = await login(ada);
    const withoutTransport = await app.send('post', '/auth/login', {
      json: { email: ada.email, password: ada.password },
      headers: { Cookie: `__Host-latchkey-device=${device!.value}` },
    });
    const known = await login(ada, app, { Cookie: `__Host-latchkey-device=${device!.value}` });

    expectProblem(unknown, 403, 'password_reset_required');
    expect(known.status).to.equal(204);
    expectProblem(withoutTransport, 403, 'password_reset_required');
  });

  it('sets no cookie when it is refused', async () => {
    const ada = await enrolled(app);
    for (const answer of [await login({ ...ada, password: 'another password' }), await login(ada)]) {
      expect(answer.status).to.be.oneOf([401, 403]);
      expect(answer.headers).not.to.have.property('set-cookie');
    }
  });

  describe('reauthenticating', () => {
    it('answers 204, and the next access token says when', async () => {
      const ada = await app.signIn();
      const stale = staleToken(app, ada, 3600);
      const json = { password: ada.password };

      const answer = await app.send('post', '/auth/reauthenticate', { token: stale, json, headers: byCookie });

      expect([answer.status, answer.bytes.length]).to.deep.equal([204, 0]);
      expect(cookiesOf(answer)).to.have.all.keys('__Host-latchkey');
      const { auth_time: at, sid } = jwt.decode(await tokenAfter(answer), { json: true })!;
      expect(Date.now() / 1000 - (at as number)).to.be.within(0, 60);
      expect(sid).to.equal(jwt.decode(ada.accessToken, { json: true })!['sid']);
    });

    it('with a second factor continues the same session', async () => {
      const ada = await enrolled(app);
      const { accessToken: token, password } = ada;
      const asked = await app.send('post', '/auth/reauthenticate', { token, json: { password }, headers: byCookie });
      const json = { challenge_token: challengeIn(asked).token, factor: 'totp', code: ada.app.code() };

      const answer = await app.send('post', '/auth/challenge', { json, headers: byCookie });

      expect(answer.status).to.equal(204);
      expect(cookiesOf(answer)).to.have.all.keys('__Host-latchkey');
      const { sid } = jwt.decode(await tokenAfter(answer), { json: true })!;
      expect(sid).to.equal(jwt.decode(token, { json: true })!['sid']);
    });
  });
});
