/** A refresh token that comes more than once: repeated by its owner, or stolen. */
import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { useApp, useSecondApp, type TestApp } from '../../support/app.ts';
import { eventsOf } from '../../support/events.ts';
import { deliverMails } from '../../support/mails.ts';
import { expectProblem } from '../../support/problems.ts';

describe('refreshTokens, with a token that was used', () => {
  const app = useApp();
  const elsewhere = useSecondApp(app);
  const refresh = (refreshToken: string, on: TestApp = app) =>
    on.send('post', '/auth/refresh', { json: { refresh_token: refreshToken } });
  const statusOf = async (accessToken: string) => (await app.send('get', '/auth/me', { token: accessToken })).status;
  const passGrace = (userId: string) =>
    app.context.database
      .pool('sessions')
      .where({ user_id: userId })
      .update({ last_used_at: new Date(Date.now() - 31_000) });

  describe('within the grace', () => {
    it('gives the same successor to a client that lost the response, on any process', async () => {
      const ada = await app.signIn();
      const first = (await refresh(ada.refreshToken)).body;

      for (const on of [app, elsewhere]) {
        const { status, body } = await refresh(ada.refreshToken, on);

        expect(status).to.equal(200);
        expect(body.refresh_token).to.equal(first.refresh_token);
        expect(await statusOf(body.access_token)).to.equal(200);
      }
    });

    it('lets ten simultaneous requests succeed on two processes, all with the same successor, which works', async () => {
      for (let round = 0; round < 8; round += 1) {
        const ada = await app.signIn();

        const answers = await Promise.all(
          Array.from({ length: 10 }, (_, index) => refresh(ada.refreshToken, index % 2 ? app : elsewhere)),
        );

        expect(answers.map(({ status }) => status)).to.deep.equal(Array(10).fill(200));
        const [successor, ...others] = new Set(answers.map(({ body }) => body.refresh_token as string));
        expect(others).to.deep.equal([]);
        for (const { body } of answers) expect(await statusOf(body.access_token)).to.equal(200);
        expect((await refresh(successor!)).status).to.equal(200);
      }
    });

    it('lets tabs refresh at once, round after round', async () => {
      let { refreshToken } = await app.signIn();

      for (let round = 0; round < 5; round += 1) {
        const answers = await Promise.all([app, elsewhere, app].map((on) => refresh(refreshToken, on)));

        const successors = new Set(answers.map(({ body }) => body.refresh_token as string));
        expect(successors.size).to.equal(1);
        [refreshToken] = [...successors] as [string];
      }
    });
  });

  describe('is a theft', () => {
    it('after the grace, and ends the session with all its tokens', async () => {
      const ada = await app.signIn();
      const renewed = (await refresh(ada.refreshToken)).body;
      expect(await statusOf(renewed.access_token)).to.equal(200);
      await passGrace(ada.id);

      const reuse = await refresh(ada.refreshToken);

      expectProblem(reuse, 401, 'refresh_token_reused');
      expect(reuse.headers['www-authenticate']).to.equal('Bearer realm="latchkey"');
      expectProblem(await refresh(renewed.refresh_token), 401, 'invalid_refresh_token');
      expect(await statusOf(renewed.access_token)).to.equal(401);
      expect(await statusOf(ada.accessToken)).to.equal(401);
    });

    it('within the grace too, once the successor was used', async () => {
      const ada = await app.signIn();
      const second = (await refresh(ada.refreshToken)).body;
      const third = (await refresh(second.refresh_token)).body;

      expectProblem(await refresh(ada.refreshToken), 401, 'refresh_token_reused');

      expectProblem(await refresh(third.refresh_token), 401, 'invalid_refresh_token');
    });

    it('on every process', async () => {
      const ada = await app.signIn();
      const second = (await refresh(ada.refreshToken)).body;
      const third = (await refresh(second.refresh_token)).body;
      expect(await statusOf(third.access_token)).to.equal(200);

      expectProblem(await refresh(ada.refreshToken, elsewhere), 401, 'refresh_token_reused');

      expect(await statusOf(third.access_token)).to.equal(401);
    });

    it("and keeps the user's other sessions", async () => {
      const ada = await app.signIn();
      const other = (await app.login(ada)).body;
      await refresh((await refresh(ada.refreshToken)).body.refresh_token);

      expectProblem(await refresh(ada.refreshToken), 401, 'refresh_token_reused');

      expect(await statusOf(other.access_token)).to.equal(200);
      expect((await refresh(other.refresh_token)).status).to.equal(200);
    });

    it('that leaves an event and a mail, once', async () => {
      const ada = await app.signIn();
      await refresh((await refresh(ada.refreshToken)).body.refresh_token);

      await Promise.all([app, elsewhere, app].map((on) => refresh(ada.refreshToken, on)));

      const events = (await eventsOf(app, ada.id)).filter(({ type }) => type === 'session.refresh_token_reused');
      const { sid } = jwt.decode(ada.accessToken, { json: true })!;
      expect(events).to.have.length(1);
      expect(events[0]).to.include({ outcome: 'failure', actor_id: null, session_id: sid, ip_address: '127.0.0.1' });
      const mails = (await deliverMails(app)).filter(({ to }) => to === ada.email);
      expect(mails.map(({ name }) => name)).to.deep.equal(['session_reused']);
    });

    it('once: a repeat finds a session that has ended', async () => {
      const ada = await app.signIn();
      await refresh((await refresh(ada.refreshToken)).body.refresh_token);
      await refresh(ada.refreshToken);

      expectProblem(await refresh(ada.refreshToken), 401, 'invalid_refresh_token');
    });
  });
});
