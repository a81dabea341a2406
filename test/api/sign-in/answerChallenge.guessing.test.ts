import { expect } from 'chai';
import { useApp, useSecondApp } from '../../support/app.ts';
import { answer as answerOf } from '../../support/authenticator.ts';
import { answerBy, challengeIn, challengeOf, enrolled, type Enrolled } from '../../support/challenges.ts';
import { register, requestOptions } from '../../support/passkeys.ts';
import { expectProblem } from '../../support/problems.ts';

describe('a code of an app', () => {
  const app = useApp();
  const other = useSecondApp(app);
  const pool = (table: string) => app.context.database.pool(table);

  const answer = (token: string, code: string, factor = 'totp') => answerBy(app, token, factor, code);
  const wrongCodeOf = (ada: Enrolled) => String((Number(ada.app.code()) + 1) % 1_000_000).padStart(6, '0');

  describe('is guessed', () => {
    beforeEach('forget the guesses at others', () => pool('guess_counts').del());

    /** Gives wrong answers to ever new challenges, without their pauses. */
    async function guess(ada: Enrolled, count: number): Promise<void> {
      for (let wrong = 0; wrong < count; wrong += 1) {
        await answer(await challengeOf(app, ada), wrongCodeOf(ada));
        if (wrong < count - 1) await pool('guess_counts').update({ retry_at: null });
      }
    }

    /** Gives a wrong answer after as many others; returns how many seconds its pause takes. */
    async function guessAfter(ada: Enrolled, failures: number): Promise<number> {
      const token = await challengeOf(app, ada);
      await pool('guess_counts').update({ failures, retry_at: null });
      await answer(token, wrongCodeOf(ada));
      const paused = await answer(await challengeOf(app, ada), ada.app.code());
      expectProblem(paused, 429, 'rate_limited');
      return Number(paused.headers['retry-after']);
    }

    it('with pauses after five wrong answers, whatever the challenge and the network', async () => {
      const ada = await enrolled(app);
      await guess(ada, 5);

      const paused = await answerBy(other, await challengeOf(app, ada), 'totp', ada.app.code());

      expectProblem(paused, 429, 'rate_limited');
      expect(Number(paused.headers['retry-after'])).to.be.within(1, 15);
      expect(paused.body.detail).to.match(
        /^Too many wrong codes of an app were tried; try again in \d+ seconds, or use a passkey or a recovery code\.$/,
      );
    });

    it('ever more slowly: the pauses double up to a day', async () => {
      const ada = await enrolled(app);
      await guess(ada, 1);

      for (const [failures, seconds] of [
        [5, 30],
        [10, 960],
        [15, 30_720],
        [16, 61_440],
        [17, 86_400],
        [99, 86_400],
      ] as const) {
        expect(await guessAfter(ada, failures), `after ${failures} others`).to.be.within(seconds - 10, seconds);
      }
    });

    it('while the owner signs in by a recovery code or a passkey, which begins no new count', async () => {
      const ada = await enrolled(app);
      const { credential } = await register(app, ada);
      await guess(ada, 5);
      const passkeyAnswer = async () => ({
        challenge_token: await challengeOf(app, ada),
        factor: 'passkey',
        credential: answerOf(await requestOptions(app), credential),
      });

      const byCode = await answer(await challengeOf(app, ada), ada.app.recoveryCodes[0]!, 'recovery_code');
      const byPasskey = await app.send('post', '/auth/challenge', { json: await passkeyAnswer() });

      expect([byCode.status, byPasskey.status]).to.deep.equal([200, 200]);
      expectProblem(await answer(await challengeOf(app, ada), ada.app.code()), 429, 'rate_limited');
    });

    it('apart from wrong recovery codes, which start no pause', async () => {
      const ada = await enrolled(app);
      for (let wrong = 0; wrong < 6; wrong++) {
        const answered = await answer(await challengeOf(app, ada), '0000-0000', 'recovery_code');
        expectProblem(answered, 401, 'invalid_second_factor');
      }

      expect((await answer(await challengeOf(app, ada), ada.app.code())).status).to.equal(200);
    });

    it('never locks the owner out for good', async () => {
      const ada = await enrolled(app);
      for (let wrong = 0; wrong < 120; wrong += 1) {
        await app.context.features.guessing.service.checkTotp(ada.id, async () => false);
        await pool('guess_counts').update({ retry_at: null });
      }

      expect((await answer(await challengeOf(app, ada), ada.app.code())).status).to.equal(200);
    });

    it('apart from passwords: those of the account are not counted, and the other way round', async () => {
      const ada = await enrolled(app);
      await guess(ada, 5);

      challengeIn(await app.login(ada));
    });

    it('and tells the owner after 5 in a row, and again after 10, 20, 40 and so on', async () => {
      const ada = await enrolled(app);
      const told = async () => {
        const jobs = pool('jobs').whereRaw(`payload->>'user_id' = ? and payload->>'notice' = 'second_factor_guessed'`, [
          ada.id,
        ]);
        const rows = (await jobs.orderBy('id')) as { payload: { values: { failures: string } } }[];
        return rows.map(({ payload }) => payload.values.failures);
      };
      await guess(ada, 4);
      expect(await told()).to.deep.equal([]);
      await guess(ada, 3);
      expect(await told()).to.deep.equal(['5']);

      for (const failures of [8, 9, 10, 14, 19, 39, 49, 79]) await guessAfter(ada, failures);

      expect(await told()).to.have.members(['5', '10', '20', '40', '80']);
    });

    it('from the start after a right answer', async () => {
      const ada = await enrolled(app);
      await guess(ada, 4);
      await answer(await challengeOf(app, ada), ada.app.code());
      await guess(ada, 4);

      expect((await answer(await challengeOf(app, ada), ada.app.code(1))).status).to.equal(200);
    });

    it('from the start once the app was removed', async () => {
      const ada = await enrolled(app);
      await guess(ada, 5);

      await app.send('delete', `/auth/factors/${ada.app.factorId}`, { token: ada.accessToken });

      expect(await pool('guess_counts').where('failures', '>', 0)).to.deep.equal([]);
    });
  });
});
