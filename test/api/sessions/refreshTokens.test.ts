import { createHash } from 'node:crypto';
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
  const hashOf = (token: string) => createHash('sha256').update(token).digest();

  describe('rotates a refresh token', () => {
    it('for a new pair that works', async () => {
      const ada = await app.signIn();

      const { status, body, headers } = await refresh(ada.refreshToken);

      expect(status).to.equal(200);
      expect(body).to.include({ token_type: 'Bearer', expires_in: 900 });
      expect(body.refresh_token)
        .to.match(/^lkr_[\w-]{43}$/)
        .and.not.equal(ada.refreshToken);
      expect(headers['cache-control']).to.equal('no-store');
      const me = await app.send('get', '/auth/me', { token: body.access_token });
      expect(me.body.id).to.equal(ada.id);
    });

    it('for an access token that tells when its user signed in, however long ago', async () => {
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

    it('again and again, each time the newest', async () => {
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

  describe('treats reuse as theft', () => {
    it('and revokes the session with all its tokens', async () => {
      const ada = await app.signIn();
      const renewed = (await refresh(ada.refreshToken)).body;
      expect(await statusOf(renewed.access_token)).to.equal(200);

      const reuse = await refresh(ada.refreshToken);

      expectProblem(reuse, 401, 'invalid_refresh_token');
      expectProblem(await refresh(renewed.refresh_token), 401, 'invalid_refresh_token');
      expect(await statusOf(renewed.access_token)).to.equal(401);
      expect(await statusOf(ada.accessToken)).to.equal(401);
    });

    it('even of a token several rotations old', async () => {
      const ada = await app.signIn();
      const second = (await refresh(ada.refreshToken)).body;
      const third = (await refresh(second.refresh_token)).body;

      await refresh(ada.refreshToken);

      expectProblem(await refresh(third.refresh_token), 401, 'invalid_refresh_token');
    });

    it('on every process', async () => {
      const ada = await app.signIn();
      const renewed = (await refresh(ada.refreshToken)).body;

      expectProblem(await refresh(ada.refreshToken, elsewhere), 401, 'invalid_refresh_token');
      expect(await statusOf(renewed.access_token)).to.equal(401);
    });

    it('and accepts exactly one of several simultaneous requests', async () => {
      for (let round = 0; round < 8; round += 1) {
        const ada = await app.signIn();

        const answers = await Promise.all([app, elsewhere, app, elsewhere].map((on) => refresh(ada.refreshToken, on)));

        expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 401, 401, 401]);
        const winner = answers.find(({ status }) => status === 200)!;
        expectProblem(await refresh(winner.body.refresh_token), 401, 'invalid_refresh_token');
      }
    });

    it("but keeps the user's other sessions", async () => {
      const ada = await app.signIn();
      const other = (await app.login(ada)).body;
      await refresh(ada.refreshToken);

      await refresh(ada.refreshToken);

      expect(await statusOf(other.access_token)).to.equal(200);
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
      const answer = await refresh(`lkr_${'A'.repeat(43)}`);

      expectProblem(answer, 401, 'invalid_refresh_token');
      expect(answer.headers['www-authenticate']).to.equal('Bearer realm="latchkey"');
    });

    it('an access token', async () => {
      const { accessToken } = await app.signIn();

      const answer = await refresh(accessToken);

      expectProblem(answer, 401, 'invalid_refresh_token');
    });

    it('a token in another case', async () => {
      const { refreshToken } = await app.signIn();

      expectProblem(await refresh(refreshToken.toUpperCase()), 401, 'invalid_refresh_token');
      expect((await refresh(refreshToken)).status).to.equal(200);
    });

    it('the tokens of an expired session', async () => {
      const ada = await app.signIn();
      await app.context.database
        .pool('sessions')
        .where({ user_id: ada.id })
        .update({ expires_at: new Date(Date.now() - 1000) });

      expectProblem(await refresh(ada.refreshToken), 401, 'invalid_refresh_token');
      expect(await statusOf(ada.accessToken)).to.equal(401);
    });

    it('the token of a user who was deactivated, even once reactivated', async () => {
      const ada = await app.signIn();
      const { users } = app;
      await users.update(ada.id, { isActive: false });
      await users.update(ada.id, { isActive: true });

      expectProblem(await refresh(ada.refreshToken), 401, 'invalid_refresh_token');
    });
  });

  it("doesn't extend a session beyond its 30 days", async () => {
    const ada = await app.signIn();
    const expiry = async () =>
      (await app.context.database.pool('sessions').where({ user_id: ada.id }).first<{ expires_at: Date }>()).expires_at;
    const before = await expiry();

    await refresh(ada.refreshToken);

    expect(before.getTime() - Date.now()).to.be.closeTo(30 * 86_400_000, 60_000);
    expect((await expiry()).getTime()).to.equal(before.getTime());
  });

  it('stores only hashes of refresh tokens', async () => {
    const ada = await app.signIn();
    const renewed = (await refresh(ada.refreshToken)).body as { refresh_token: string };
    const { pool } = app.context.database;

    const kept = await Promise.all(
      ['refresh_tokens', 'sessions', 'users'].map(async (table) => {
        const { rows } = await pool.raw<{ rows: { text: string }[] }>('select t::text as text from ?? t', [table]);
        return rows.map(({ text }) => text);
      }),
    );

    const all = kept.flat().join('\n');
    for (const token of [ada.refreshToken, renewed.refresh_token]) {
      expect(all).to.include(hashOf(token).toString('hex'));
      expect(all).not.to.include(token);
      expect(all).not.to.include(Buffer.from(token).toString('hex'));
    }
  });
});
