import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { sessionOf } from '../../support/access-tokens.ts';
import { useApp, useSecondApp } from '../../support/app.ts';
import { answerBy, challengeIn, challengeOf, enrolled, type Enrolled } from '../../support/challenges.ts';
import type { Answer } from '../../support/client.ts';
import { expectTokensToWork } from '../../support/consequences.ts';
import { brokenRules, expectProblem, withoutInstance } from '../../support/problems.ts';

describe('a challenge', () => {
  const app = useApp();
  const other = useSecondApp(app);
  const pool = (table: string) => app.context.database.pool(table);

  const login = (json: object) => app.send('post', '/auth/login', { json });
  const answer = (token: string, code: string, factor = 'totp') => answerBy(app, token, factor, code);
  const claimsOf = ({ body }: Answer) => jwt.decode(body.access_token as string, { json: true })!;
  const eventsOf = async ({ id }: Enrolled, pattern: string) =>
    pool('audit_events').where({ user_id: id }).whereLike('type', pattern).orderBy('id').select('type', 'details');
  const wrongCodeOf = (ada: Enrolled) => String((Number(ada.app.code()) + 1) % 1_000_000).padStart(6, '0');

  it('is all that the right password gets somebody with a second factor', async () => {
    const ada = await enrolled(app);
    const before = await pool('sessions').where({ user_id: ada.id }).select('id');

    const answered = await login({ email: ada.email, password: ada.password });

    const challenge = challengeIn(answered);
    expect(challenge.token).to.match(/^lkc_[\w-]{43}$/);
    expect(challenge.factors).to.deep.equal(['totp', 'recovery_code']);
    expect(Date.parse(challenge.expires_at)).to.be.closeTo(Date.now() + 300_000, 5000);
    expect(await pool('sessions').where({ user_id: ada.id }).select('id')).to.deep.equal(before);
  });

  it('is not what a wrong password gets: that is told nothing', async () => {
    const ada = await enrolled(app);
    const ben = await app.signIn();

    const [one, another] = [
      await login({ email: ada.email, password: 'another password' }),
      await login({ email: ben.email, password: 'another password' }),
    ];

    expectProblem(one, 401, 'invalid_credentials');
    expect(withoutInstance(one)).to.equal(withoutInstance(another));
  });

  for (const factor of ['totp', 'recovery_code']) {
    it(`begins a session by two factors when it is answered: ${factor}`, async () => {
      const ada = await enrolled(app);
      const code = factor === 'totp' ? ada.app.code() : ada.app.recoveryCodes[0]!;

      const answered = await answer(await challengeOf(app, ada), code, factor);

      expect(answered.status, answered.bytes.toString()).to.equal(200);
      expect(claimsOf(answered)).to.deep.include({ acr: 'urn:latchkey:acr:2', amr: ['pwd', 'otp', 'mfa'] });
      const { access_token: accessToken, refresh_token: refreshToken } = answered.body;
      await expectTokensToWork([app, other], { accessToken, refreshToken });
      const session = await pool('sessions')
        .where({ id: sessionOf(accessToken as string) })
        .first('methods');
      expect(session).to.deep.equal({ methods: ['password', factor] });
      const refreshed = await app.send('post', '/auth/refresh', { json: { refresh_token: refreshToken } });
      expect(claimsOf(refreshed)).to.deep.include({ acr: 'urn:latchkey:acr:2', amr: ['pwd', 'otp', 'mfa'] });
    });
  }

  it('gives the device a token, by which the next login and its challenge know it', async () => {
    const ada = await enrolled(app);
    const first = await answer(await challengeOf(app, ada), ada.app.recoveryCodes[0]!, 'recovery_code');
    const { device_token } = first.body;
    await pool('jobs').where({ name: 'notify_of_new_device' }).del();

    const again = challengeIn(await login({ email: ada.email, password: ada.password, device_token }));
    const json = { challenge_token: again.token, factor: 'recovery_code', code: ada.app.recoveryCodes[1]! };
    const second = await app.send('post', '/auth/challenge', { json, headers: { 'User-Agent': 'renamed' } });

    expect(second.status).to.equal(200);
    expect(await pool('jobs').where({ name: 'notify_of_new_device' })).to.deep.equal([]);
  });

  it('continues the session after a reauthentication, and begins none', async () => {
    const ada = await enrolled(app);
    const { body } = await answer(await challengeOf(app, ada), ada.app.recoveryCodes[0]!, 'recovery_code');
    const token = body.access_token as string;
    const past = new Date(Date.now() - 3_600_000);
    await pool('sessions')
      .where({ id: sessionOf(token) })
      .update({ authenticated_at: past });

    const asked = await app.send('post', '/auth/reauthenticate', { token, json: { password: ada.password } });
    const unchanged = await pool('sessions')
      .where({ id: sessionOf(token) })
      .first('authenticated_at');
    const answered = await answer(challengeIn(asked).token, ada.app.code());

    expect(unchanged).to.deep.equal({ authenticated_at: past });
    expect(answered.status).to.equal(200);
    expect(answered.body).not.to.have.property('device_token');
    expect(answered.body.refresh_token).to.equal(body.refresh_token);
    expect(sessionOf(answered.body.access_token as string)).to.equal(sessionOf(token));
    expect(claimsOf(answered)['auth_time']).to.be.closeTo(Date.now() / 1000, 5);
    const events = await eventsOf(ada, 'session.reauthenticated');
    expect(events).to.deep.equal([{ type: 'session.reauthenticated', details: { method: 'password+totp' } }]);
  });

  it('is good for nothing else', async () => {
    const token = await challengeOf(app, await enrolled(app));

    expectProblem(await app.send('get', '/auth/me', { token }), 401, 'invalid_token');
    expectProblem(
      await app.send('post', '/auth/refresh', { json: { refresh_token: token } }),
      401,
      'invalid_refresh_token',
    );
  });

  it('refuses a wrong answer, and takes the right one after it', async () => {
    const ada = await enrolled(app);
    const token = await challengeOf(app, ada);

    expectProblem(await answer(token, wrongCodeOf(ada)), 401, 'invalid_second_factor');
    expectProblem(await answer(token, '0000-0000-0000', 'recovery_code'), 401, 'invalid_second_factor');
    expect((await answer(token, ada.app.code())).status).to.equal(200);

    const failures = await eventsOf(ada, 'session.challenge_failed');
    expect(failures).to.deep.equal([
      { type: 'session.challenge_failed', details: { factor: 'totp' } },
      { type: 'session.challenge_failed', details: { factor: 'recovery_code' } },
    ]);
  });

  it('asks for the code where it is missing', async () => {
    const token = await challengeOf(app, await enrolled(app));

    const json = { challenge_token: token, factor: 'totp' };
    expect(brokenRules(await app.send('post', '/auth/challenge', { json }))).to.deep.equal(['/body/code required']);
  });

  describe('can not be answered', () => {
    it('twice', async () => {
      const ada = await enrolled(app);
      const token = await challengeOf(app, ada);
      await answer(token, ada.app.code());

      expectProblem(await answer(token, ada.app.recoveryCodes[0]!, 'recovery_code'), 401, 'invalid_challenge');
      expect(await codesLeft(ada), 'the code was not used up').to.equal(10);
    });

    it('after five wrong answers, even by the right one', async () => {
      const ada = await enrolled(app);
      const token = await challengeOf(app, ada);
      for (let wrong = 0; wrong < 5; wrong += 1) {
        expectProblem(await answer(token, wrongCodeOf(ada)), 401, 'invalid_second_factor');
        await pool('guess_counts').update({ retry_at: null });
      }

      expectProblem(await answer(token, ada.app.code()), 401, 'invalid_challenge');
    });

    it('once it has expired', async () => {
      const ada = await enrolled(app);
      const token = await challengeOf(app, ada);
      await pool('login_challenges')
        .where({ user_id: ada.id })
        .update({ expires_at: new Date(Date.now() - 1) });

      expectProblem(await answer(token, ada.app.code()), 401, 'invalid_challenge');
    });

    it('if there is none with its token', async () => {
      expectProblem(await answer('lkc_made-up', '492039'), 401, 'invalid_challenge');
    });

    it('by the code of somebody else', async () => {
      const [ada, ben] = [await enrolled(app), await enrolled(app)];

      const answered = await answer(await challengeOf(app, ada), ben.app.recoveryCodes[0]!, 'recovery_code');

      expectProblem(answered, 401, 'invalid_second_factor');
    });

    const changes: [string, (ada: Enrolled) => Promise<unknown>][] = [
      ['was deactivated', ({ id }) => app.users.update(id, { isActive: false })],
      ['was deleted', ({ id }) => app.users.remove(id)],
      [
        'has changed the password',
        ({ accessToken: token, password }) =>
          app.send('post', '/auth/password', {
            token,
            json: { current_password: password, new_password: 'amber compass over water' },
          }),
      ],
      [
        'has removed the factor',
        ({ accessToken: token, app: { factorId } }) => app.send('delete', `/auth/factors/${factorId}`, { token }),
      ],
      [
        'had the factors reset',
        async ({ id }) => {
          const { accessToken: token } = await app.signIn('admin');
          return app.send('delete', `/users/${id}/factors`, { token });
        },
      ],
    ];
    for (const [what, change] of changes) {
      it(`once its user ${what}`, async () => {
        const ada = await enrolled(app);
        const token = await challengeOf(app, ada);

        await change(ada);

        expectProblem(await answer(token, ada.app.code()), 401, 'invalid_challenge');
      });
    }

    it('once the session that reauthenticates has ended', async () => {
      const ada = await enrolled(app);
      const { body } = await answer(await challengeOf(app, ada), ada.app.recoveryCodes[0]!, 'recovery_code');
      const token = body.access_token as string;
      const asked = await app.send('post', '/auth/reauthenticate', { token, json: { password: ada.password } });
      await app.send('post', '/auth/logout', { token });

      expectProblem(await answer(challengeIn(asked).token, ada.app.code()), 401, 'invalid_challenge');
    });
  });

  it('is in the trail: asked for, failed, answered', async () => {
    const ada = await enrolled(app);
    const token = await challengeOf(app, ada);
    await answer(token, wrongCodeOf(ada));
    await answer(token, ada.app.code());

    expect((await eventsOf(ada, 'session.%')).slice(-3)).to.deep.equal([
      { type: 'session.challenged', details: { method: 'password' } },
      { type: 'session.challenge_failed', details: { factor: 'totp' } },
      { type: 'session.started', details: { method: 'password+totp' } },
    ]);
  });

  async function codesLeft({ id }: Enrolled): Promise<number> {
    return (await pool('recovery_codes').where({ user_id: id, used_at: null })).length;
  }
});
