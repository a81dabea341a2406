/** Answers to challenges that come at the same time as others, or as changes of their user. */
import { expect } from 'chai';
import { useApp, useSecondApp } from '../../support/app.ts';
import { answerBy, challengeOf, enrolled, type Enrolled } from '../../support/challenges.ts';
import { expectProblem } from '../../support/problems.ts';

describe('a challenge, in a race', () => {
  const app = useApp();
  const other = useSecondApp(app);
  const pool = (table: string) => app.context.database.pool(table);

  const answer = (token: string, code: string, factor = 'totp') => answerBy(app, token, factor, code);
  const wrongCodeOf = (ada: Enrolled) => String((Number(ada.app.code()) + 1) % 1_000_000).padStart(6, '0');

  it('is answered once by right answers at once, and uses one code up', async () => {
    const ada = await enrolled(app);
    const token = await challengeOf(app, ada);
    const before = await sessionsOf(ada);

    const answers = await Promise.all([
      answer(token, ada.app.recoveryCodes[0]!, 'recovery_code'),
      answerBy(other, token, 'recovery_code', ada.app.recoveryCodes[1]!),
      answerBy(other, token, 'recovery_code', ada.app.recoveryCodes[2]!),
    ]);

    const codes = answers.map(({ body }) => (body.code as string | undefined) ?? 'tokens').sort();
    expect(codes).to.deep.equal(['invalid_challenge', 'invalid_challenge', 'tokens']);
    expect(await sessionsOf(ada)).to.equal(before + 1);
    expect(await codesLeft(ada)).to.equal(9);
  });

  it('takes one code once, for two challenges at once', async () => {
    const ada = await enrolled(app);
    const [one, two] = [await challengeOf(app, ada), await challengeOf(app, ada)];
    const code = ada.app.code();

    const answers = await Promise.all([answer(one, code), answerBy(other, two, 'totp', code)]);

    const codes = answers.map(({ body }) => (body.code as string | undefined) ?? 'tokens').sort();
    expect(codes).to.deep.equal(['invalid_second_factor', 'tokens']);
  });

  it('takes five answers at most, however many are sent at once', async () => {
    const ada = await enrolled(app);
    const token = await challengeOf(app, ada);

    const answers = await Promise.all(Array.from({ length: 12 }, () => answer(token, wrongCodeOf(ada))));

    const checked = answers.filter(({ body }) => body.code === 'invalid_second_factor');
    expect(checked.length).to.be.within(1, 5);
  });

  it('is settled one way when its user is deactivated at the same time: no session is left', async () => {
    const ada = await enrolled(app);
    const token = await challengeOf(app, ada);

    await Promise.all([answer(token, ada.app.code()), app.users.update(ada.id, { isActive: false })]);

    expect(await sessionsOf(ada)).to.equal(0);
  });

  it('is settled one way when the factor is removed at the same time', async () => {
    const ada = await enrolled(app);
    const token = await challengeOf(app, ada);

    const [answered, removed] = await Promise.all([
      answer(token, ada.app.code()),
      app.send('delete', `/auth/factors/${ada.app.factorId}`, { token: ada.accessToken }),
    ]);

    expect(removed.status).to.equal(204);
    if (answered.status === 200) {
      const me = await app.send('get', '/auth/me', { token: answered.body.access_token as string });
      expectProblem(me, 401, 'invalid_token');
    } else expect(answered.status).to.equal(401);
  });

  async function codesLeft({ id }: Enrolled): Promise<number> {
    return (await pool('recovery_codes').where({ user_id: id, used_at: null })).length;
  }

  async function sessionsOf({ id }: Enrolled): Promise<number> {
    return (await pool('sessions').where({ user_id: id, ended_at: null })).length;
  }
});
