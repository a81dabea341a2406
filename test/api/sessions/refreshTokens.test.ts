import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { useApp, useSecondApp, type TestApp } from '../../support/app.ts';
import { brokenRules, expectProblem } from '../../support/problems.ts';

describe('refreshTokens', () => {
  const app = useApp();
  const elsewhere = useSecondApp(app);
  const refresh = (refreshToken: string, on: TestApp = app) =>
    on.send('post', '/auth/refresh', { json: { refresh_token: refreshToken } });
  const statusOf = async (accessToken: string) => (await app.send('get', '/auth/me', { token: accessToken })).status;
  const secondsAgo = (time: number) => Date.now() / 1000 - time;
  const lastUsed = (userId: string, secondsAgo: number) =>
    app.context.database
      .pool('sessions')
      .where({ user_id: userId })
      .update({ last_used_at: new Date(Date.now() - secondsAgo * 1000) });

  describe('rotates a refresh token', () => {
    it('for a new pair that works', async () => {
      const ada = await app.signIn();

      const { status, body, headers } = await refresh(ada.refreshToken);

      expect(status).to.equal(200);
      expect(body).to.include({ token_type: 'Bearer', expires_in: 900 });
      expect(body.refresh_token)
        .to.match(/^lkr_[\w-]{72}$/)
        .and.not.equal(ada.refreshToken);
      expect(headers['cache-control']).to.equal('no-store');
      const me = await app.send('get', '/auth/me', { token: body.access_token });
      expect(me.body.id).to.equal(ada.id);
    });

    it('for an access token that says when its user signed in, however long ago', async () => {
      const ada = await app.signIn();
      const { sid } = jwt.decode(ada.accessToken, { json: true })!;
      await app.context.database
        .pool('sessions')
        .where({ id: sid })
        .update({ authenticated_at: '2026-01-02T03:04:05Z' });

      const { body } = await refresh(ada.refreshToken);

      expect(secondsAgo(jwt.decode(ada.accessToken, { json: true })!['auth_time'])).to.be.within(0, 60);
      expect(jwt.decode(body.access_token, { json: true })).to.have.property(
        'auth_time',
        Date.UTC(2026, 0, 2, 3, 4, 5) / 1000,
      );
    });

    it('repeatedly, always with the newest', async () => {
      let { refreshToken } = await app.signIn();

      for (let round = 0; round < 4; round += 1) {
        const { status, body } = await refresh(refreshToken, round % 2 === 0 ? app : elsewhere);
        expect(status).to.equal(200);
        refreshToken = body.refresh_token;
      }
    });

    it("and keeps the user's other sessions", async () => {
      const ada = await app.signIn();
      const other = (await app.login(ada)).body;

      await refresh(ada.refreshToken);

      expect((await refresh(other.refresh_token)).status).to.equal(200);
    });
  });

  describe('refuses', () => {
    for (const [what, token] of [
      ['with a space', 'lkr_a b'],
      ['with non-ASCII letters', 'lkr_schlüssel'],
    ] as const) {
      it(`a token ${what}`, async () => {
        expect(brokenRules(await refresh(token))).to.deep.equal(['/body/refresh_token pattern']);
      });
    }

    it('an unknown token, with a challenge', async () => {
      for (const length of [43, 72, 54]) {
        const answer = await refresh(`lkr_${'A'.repeat(length)}`);

        expectProblem(answer, 401, 'invalid_refresh_token');
        expect(answer.headers['www-authenticate']).to.equal('Bearer realm="latchkey"');
      }
    });

    it('an access token', async () => {
      const { accessToken } = await app.signIn();

      const answer = await refresh(accessToken);

      expectProblem(answer, 401, 'invalid_refresh_token');
    });

    it('a token that was cut short, extended or altered, and ends no session for it', async () => {
      const { refreshToken: text } = await app.signIn();
      await refresh((await refresh(text)).body.refresh_token);
      const changed = [0, 1, 2, 20, 30, 40, 60, 70].map((index) => {
        const at = 4 + index;
        return text.slice(0, at) + (text[at] === 'x' ? 'y' : 'x') + text.slice(at + 1);
      });

      const others = [text.slice(0, -1), `${text}A`, `${text}=`, text.slice(4), text.toUpperCase(), `lkr_${text}`];
      for (const other of [...changed, ...others]) expectProblem(await refresh(other), 401, 'invalid_refresh_token');

      expectProblem(await refresh(text), 401, 'refresh_token_reused');
    });

    it('a token in place of an access token', async () => {
      const { refreshToken } = await app.signIn();

      expectProblem(await app.send('get', '/auth/me', { token: refreshToken }), 401, 'invalid_token');
    });

    it('the token of a user who was deleted', async () => {
      const ada = await app.signIn();
      await app.users.remove(ada.id);

      expectProblem(await refresh(ada.refreshToken), 401, 'invalid_refresh_token');
    });

    it('the token of a session that nobody refreshed for 14 days, whose access token has long expired', async () => {
      const [ada, grace] = [await app.signIn(), await app.signIn()];
      await lastUsed(ada.id, 14 * 86_400 + 1);
      await lastUsed(grace.id, 14 * 86_400 - 60);

      expectProblem(await refresh(ada.refreshToken), 401, 'invalid_refresh_token');
      expect((await refresh(grace.refreshToken)).status).to.equal(200);
    });

    it('the token of a user who was deactivated, even once reactivated', async () => {
      const ada = await app.signIn();
      const { users } = app;
      await users.update(ada.id, { isActive: false });
      await users.update(ada.id, { isActive: true });

      expectProblem(await refresh(ada.refreshToken), 401, 'invalid_refresh_token');
    });
  });

  it('ends with the session 30 days after its sign-in, however recent the last refresh', async () => {
    const ada = await app.signIn();
    const passes = (seconds: number) =>
      app.context.database
        .pool('sessions')
        .where({ user_id: ada.id })
        .update({ expires_at: app.context.database.pool.raw(`expires_at - ? * interval '1 second'`, [seconds]) });
    const { body: first } = await refresh(ada.refreshToken);
    await passes(30 * 86_400 - 60);
    const { status, body: last } = await refresh(first.refresh_token);
    expect(status).to.equal(200);

    await passes(60);

    expectProblem(await refresh(last.refresh_token), 401, 'invalid_refresh_token');
    for (const token of [ada.accessToken, last.access_token]) expect(await statusOf(token)).to.equal(401);
  });
});
